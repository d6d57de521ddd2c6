// What a first visit transfers before anything can be seen: index.html and what it names, packed.
// Fails above the limit.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 200_000;
const folder = new URL('../../te_assets/dashboard/static/', import.meta.url);

function read(name) {
  try {
    return readFileSync(new URL(name, folder));
  } catch {
    console.error(`${name} is missing in te_assets/dashboard/static; run: npm run build`);
    process.exit(1);
  }
}

const index = read('index.html');
const named = [...index.toString().matchAll(/(?:src|href)="([\w.-]+\.(?:js|css))"/g)];
const files = ['index.html', ...new Set(named.map((match) => match[1]))];

// What those import statically is loaded as well, named in the page or not.
for (const file of files) {
  if (!file.endsWith('.js')) continue;
  const imports = read(file).toString().matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g);
  for (const [, name] of imports) if (!files.includes(name)) files.push(name);
}

let total = 0;
for (const file of files) {
  const size = gzipSync(read(file)).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  in all, of ${LIMIT}`);
process.exit(total > LIMIT ? 1 : 0);
