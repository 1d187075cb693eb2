package attio

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Every phase of a request has its own limit, so that none can hang; the whole has one too.
const (
	dialTimeout   = 10 * time.Second
	tlsTimeout    = 10 * time.Second
	headerTimeout = 45 * time.Second // from the request's last byte to the answer's header
	callTimeout   = 60 * time.Second // a whole request, its answer's body included
	// below the minute after which many servers close: a create on a closing connection is an unknown
	idleTimeout = 50 * time.Second
)

// maxBody bounds an answer's body, unpacked. A page of 500 rich records has 2.5 MB.
const maxBody = 64 << 20

// newTransport keeps as many connections as there may be requests in flight: a new connection costs round trips, and
// those are what blurs the pacing. HTTP/1.1 by intent: with HTTP/2 all requests share one connection, and one lost
// packet delays every request of a window. Redirects are never followed: the client uses RoundTrip alone.
func newTransport(inFlight int) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{Proxy: http.ProxyFromEnvironment,
		DialContext:     (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: tlsTimeout,
		ResponseHeaderTimeout: headerTimeout, IdleConnTimeout: idleTimeout, MaxIdleConns: inFlight,
		MaxIdleConnsPerHost: inFlight, MaxConnsPerHost: inFlight, MaxResponseHeaderBytes: 256 << 10, Protocols: protocols}
}

// checkBaseURL returns the address without a slash at its end. Plain http:// would show the key to the network, so it
// is for loopback only. Nothing of a refused address that could be a password is in the error.
func checkBaseURL(s string) (string, error) {
	if s == "" {
		return defaultBaseURL, nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "", errors.New("the base URL is not a URL")
	case u.User != nil:
		return "", errors.New("the base URL holds a user name or password: take it out, the API key alone is sent")
	case u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("the base URL has the scheme %q: want https", u.Scheme)
	case u.Hostname() == "":
		return "", errors.New("the base URL names no host")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", errors.New("the base URL has a query or a fragment: want an address like https://api.attio.com")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "", fmt.Errorf("http://%s would send the API key in clear: want https (http is for loopback only)", u.Host)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
