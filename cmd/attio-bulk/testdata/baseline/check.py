# What a person would write to check a file before importing it: csv, a set of the keys seen, a pattern, a date, a number.
import csv
import datetime
import re
import sys

MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PLANS = {"Free", "Starter", "Professional", "Enterprise"}

seen, rows, bad = set(), 0, 0
with open(sys.argv[1], newline="", encoding="utf-8") as f:
    for row in csv.DictReader(f):
        rows += 1
        try:
            datetime.datetime.fromisoformat(row["Last seen"].replace("Z", "+00:00"))
            float(row["MRR"])
            ok = MAIL.fullmatch(row["E-mail"]) and row["Plan"] in PLANS and row["id"] not in seen and row["E-mail"] not in seen
        except ValueError:
            ok = False
        seen.add(row["id"])
        seen.add(row["E-mail"])
        bad += not ok
print(f"{rows} rows, {bad} bad")
