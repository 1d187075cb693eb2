# What a person would write with Python's standard library: csv, and a few threads with a connection each. A refusal for the
# rate is waited for as Retry-After says and sent again; any other is counted. Nothing is journalled, looked up or resumable.
#
#   import.py FILE THREADS
import csv
import email.utils
import http.client
import json
import os
import queue
import sys
import threading
import time
import urllib.parse

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


def work(rows, done):
    conn = http.client.HTTPConnection(BASE.hostname, BASE.port)
    while (row := rows.get()) is not None:
        body = json.dumps({"data": {"values": values(row)}})
        while True:
            conn.request("POST", "/v2/objects/users/records", body, HEADERS)
            answer = conn.getresponse()
            answer.read()
            if answer.status != 429:
                done[answer.status] = done.get(answer.status, 0) + 1
                break
            until = email.utils.parsedate_to_datetime(answer.headers["Retry-After"]).timestamp()
            time.sleep(max(0, until - time.time()))


rows, done = queue.Queue(1000), {}
threads = [threading.Thread(target=work, args=(rows, done)) for _ in range(int(sys.argv[2]))]
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
