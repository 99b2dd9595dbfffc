// Reads {rows, queries, rounds} and measures MiniSearch on them. Prints one
// JSON object per way of asking: name, version, build, heap, times and the
// first answer to each query.
import { readFileSync } from "node:fs";
import MiniSearch from "minisearch";

const { rows, queries, rounds } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { version } = JSON.parse(readFileSync(new URL("./node_modules/minisearch/package.json", import.meta.url), "utf8"));

const heap = () => { globalThis.gc(); return process.memoryUsage().heapUsed; };
const before = heap();
const start = performance.now();
const index = new MiniSearch({ fields: ["title", "words"], searchOptions: { boost: { title: 2 } } });
index.addAll(rows.map((r, id) => ({ id, ...r })));
const build = performance.now() - start;
const bytes = heap() - before;

function find(words, fuzzy) {
  const options = fuzzy ? { fuzzy: 0.2, combineWith: "AND" } : { combineWith: "AND" };
  let hits = index.search(words, options);
  if (hits.length === 0 && words.includes(" ")) hits = index.search(words, { ...options, combineWith: "OR" });
  return hits.slice(0, 10);
}

for (const fuzzy of [true, false]) {
  for (const q of queries) find(q, fuzzy); // warm
  const took = [];
  let first = [];
  for (let round = 0; round < rounds; round++) {
    first = [];
    for (const q of queries) {
      const t = performance.now();
      const hits = find(q, fuzzy);
      took.push((performance.now() - t) * 1000);
      first.push(hits.length ? hits[0].id : -1);
    }
  }
  console.log(JSON.stringify({ name: fuzzy ? "MiniSearch, fuzzy 0.2" : "MiniSearch", version, build, bytes, took, first }));
}
