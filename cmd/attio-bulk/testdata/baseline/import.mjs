// The same as import.py for Node, without packages: a small CSV reader, and some loops of fetch at once.
//
//   import.mjs FILE LOOPS
import { createReadStream } from "node:fs";

const headers = { Authorization: `Bearer ${process.env.ATTIO_API_KEY}`, "Content-Type": "application/json" };
const url = `${process.env.ATTIO_BASE_URL}/v2/objects/users/records`;

// rows yields an object for each row; quoted cells may hold commas, line breaks and doubled quotes.
async function* rows(path) {
  let header, cells = [], cell = "", quoted = false, was = "";
  for await (const chunk of createReadStream(path, "utf8")) {
    for (const c of chunk) {
      if (quoted && c !== '"') cell += c;
      else if (c === '"') {
        if (!quoted && was === '"') cell += c;
        quoted = !quoted;
      } else if (c === "," || c === "\n") {
        cells.push(cell);
        cell = "";
        if (c === "\n") {
          if (header) yield Object.fromEntries(header.map((h, i) => [h, cells[i]]));
          else header = cells;
          cells = [];
        }
      } else cell += c;
      was = c;
    }
  }
}

const source = rows(process.argv[2]);
const done = {};

async function work() {
  for (let next = await source.next(); !next.done; next = await source.next()) {
    const row = next.value;
    const body = JSON.stringify({ data: { values: {
      user_id: row.id,
      full_name: { first_name: row["First name"], last_name: row["Last name"], full_name: `${row["First name"]} ${row["Last name"]}` },
      primary_email_address: row["E-mail"],
      last_seen_at: row["Last seen"],
      mrr: Number(row.MRR),
      plan: row.Plan,
      source: row.Note,
    } } });
    for (;;) {
      const answer = await fetch(url, { method: "POST", headers, body });
      await answer.arrayBuffer();
      if (answer.status !== 429) {
        done[answer.status] = (done[answer.status] ?? 0) + 1;
        break;
      }
      await new Promise((go) => setTimeout(go, Math.max(0, Date.parse(answer.headers.get("Retry-After")) - Date.now())));
    }
  }
}

await Promise.all(Array.from({ length: Number(process.argv[3]) }, work));
console.log(JSON.stringify(done));
