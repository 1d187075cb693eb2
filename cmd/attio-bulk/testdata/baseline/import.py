# What a person would write with Python's standard library: csv, and a few threads. A refusal for the rate is waited for as
# Retry-After says and sent again; any other is counted. Nothing is journalled, looked up or resumable. Each thread keeps a
# connection (http.client); with "urllib" it calls urllib.request for each row, as most examples do.
#
#   import.py FILE THREADS [urllib]
import csv
import email.utils
import http.client
import json
import os
import queue
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

BASE = urllib.parse.urlparse(os.environ["ATTIO_BASE_URL"])
HEADERS = {"Authorization": "Bearer " + os.environ["ATTIO_API_KEY"], "Content-Type": "application/json"}


def values(row):
    return {
        "user_id": row["id"],
        "full_name": {"first_name": row["First name"], "last_name": row["Last name"], "full_name": row["First name"] + " " + row["Last name"]},
        "primary_email_address": row["E-mail"],
        "last_seen_at": row["Last seen"],
        "mrr": float(row["MRR"]),
        "plan": row["Plan"],
        "source": row["Note"],
    }


def keeping():
    conn = http.client.HTTPConnection(BASE.hostname, BASE.port)

    def post(path, body):
        conn.request("POST", path, body, HEADERS)
        answer = conn.getresponse()
        answer.read()
        return answer.status, answer.headers

    return post


def opening():
    def post(path, body):
        try:
            with urllib.request.urlopen(urllib.request.Request(BASE.geturl() + path, body.encode(), HEADERS)) as answer:
                answer.read()
                return answer.status, answer.headers
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers

    return post


def work(rows, done, post):
    while (row := rows.get()) is not None:
        body = json.dumps({"data": {"values": values(row)}})
        while True:
            status, headers = post("/v2/objects/users/records", body)
            if status != 429:
                with lock:
                    done[status] = done.get(status, 0) + 1
                break
            until = email.utils.parsedate_to_datetime(headers["Retry-After"]).timestamp()
            time.sleep(max(0, until - time.time()))


rows, done, lock = queue.Queue(1000), {}, threading.Lock()
new = opening if "urllib" in sys.argv else keeping
threads = [threading.Thread(target=work, args=(rows, done, new())) for _ in range(int(sys.argv[2]))]
for t in threads:
    t.start()
with open(sys.argv[1], newline="", encoding="utf-8") as f:
    for row in csv.DictReader(f):
        rows.put(row)
for _ in threads:
    rows.put(None)
for t in threads:
    t.join()
print(json.dumps(done))
