# What a person would write to export: one page after the other, flattened into a CSV file.
#
#   export.py FILE
import csv
import http.client
import json
import os
import sys
import urllib.parse

BASE = urllib.parse.urlparse(os.environ["ATTIO_BASE_URL"])
HEADERS = {"Authorization": "Bearer " + os.environ["ATTIO_API_KEY"], "Content-Type": "application/json"}
TEXT = {"user_id": "value", "primary_email_address": "email_address", "last_seen_at": "value", "mrr": "currency_value", "source": "value"}

conn = http.client.HTTPConnection(BASE.hostname, BASE.port)
with open(sys.argv[1], "w", newline="", encoding="utf-8") as f:
    out = csv.writer(f)
    out.writerow(["record_id", "created_at", "web_url", "first_name", "last_name", "plan", *TEXT])
    offset = 0
    while True:
        conn.request("POST", "/v2/objects/users/records/query", json.dumps({"limit": 500, "offset": offset}), HEADERS)
        answer = conn.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(body)
        page = json.loads(body)["data"]
        for r in page:
            v = r["values"]
            name, plan = v["full_name"], v["plan"]
            out.writerow([r["id"]["record_id"], r["created_at"], r["web_url"],
                          name[0]["first_name"] if name else "", name[0]["last_name"] if name else "", plan[0]["option"]["title"] if plan else "",
                          *(v[slug][0][member] if v[slug] else "" for slug, member in TEXT.items())])
        offset += len(page)
        if len(page) < 500:
            break
print(offset)
