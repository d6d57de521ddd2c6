// Every text of the templates and sources has a German and a French one, with the same
// placeholders. The texts are read as Angular itself reads them, so none can be missed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const faults = [];
const unused = new Set();

/** Texts as written in the sources, by id. */
function extract() {
  const folder = mkdtempSync(join(tmpdir(), 'te-texts-'));
  try {
    const ng = join(root, 'node_modules', '@angular', 'cli', 'bin', 'ng.js');
    const command = ['extract-i18n', '--format', 'json', '--output-path', folder];
    execFileSync(process.execPath, [ng, ...command], { cwd: root, stdio: 'pipe' });
    return JSON.parse(readFileSync(join(folder, 'messages.json'), 'utf8')).translations;
  } catch (error) {
    console.error(String(error.stdout ?? ''), String(error.stderr ?? error));
    process.exit(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function placeholders(text) {
  return [...new Set(text.match(/\{\$[^}]+\}/g))].sort().join(' ');
}

/** Texts of a language; a file that `index.ts` does not name would never be loaded. */
function translations(language) {
  const folder = join(root, 'src', 'locale', language);
  const index = readFileSync(join(folder, 'index.ts'), 'utf8');
  const all = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    if (!index.includes(`./${file}`)) faults.push(`${language}/${file} is not named in index.ts`);
    for (const [id, text] of Object.entries(JSON.parse(readFileSync(join(folder, file), 'utf8')))) {
      if (id in all) faults.push(`${language}/${file}: ${id} stands in another file, too`);
      all[id] = text;
    }
  }
  return all;
}

const source = extract();
for (const language of ['de', 'fr']) {
  const texts = translations(language);
  for (const [id, text] of Object.entries(source)) {
    if (/^\d+$/.test(id)) faults.push(`a text has no id (@@…): ${JSON.stringify(text)}`);
    else if (!texts[id]) faults.push(`${language}: no text for ${id}: ${JSON.stringify(text)}`);
    else if (placeholders(texts[id]) !== placeholders(text)) {
      const [has, needs] = [placeholders(texts[id]), placeholders(text)];
      faults.push(`${language}: ${id} has placeholders [${has}], the source [${needs}]`);
    }
  }
  for (const id of Object.keys(texts)) {
    if (!(id in source)) unused.add(id);
  }
}

if (unused.size > 0) console.warn(`used nowhere: ${[...unused].join(', ')}`);
if (faults.length > 0) {
  console.error([...new Set(faults)].join('\n'));
  process.exit(1);
}
console.log(`${Object.keys(source).length} texts, all of them in German and French`);
