package exporter

// Progress tells how far an export is.
type Progress struct {
	Pages, Records int // read so far
	InFlight       int // pages that are being read or wait for their turn
}
