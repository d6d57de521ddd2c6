// Types of the API from its OpenAPI document; with --check fails if the committed ones differ.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../docs/api/dashboard.openapi.json', import.meta.url);
const folder = new URL('../src/app/api/', import.meta.url);
const PREFIX = '/api/v1/';
const COMMON = 'overview'; // asks with the filters alone, which all others have too
const HEAD = '// Generated from docs/api/dashboard.openapi.json by: npm run types\n\n';
const UNUSED = /^export (type (paths|webhooks|\$defs|operations) = .*;\n)/gm;
const EMPTY = /^ *\w+: never;\n/gm;
const COMMENT = /^ *\/\*\*[\s\S]*?\*\/\n/gm;

/** TypeScript of schemas. Their descriptions stand in the document; here they would be longer than the types. */
async function typesOf(schemas) {
  const spec = { openapi: '3.1.0', info: { title: '', version: '' }, paths: {}, components: { schemas } };
  const ast = await openapiTS(structuredClone(spec), { defaultNonNullable: true });
  return astToString(ast).replace(UNUSED, '').replace(EMPTY, '').replace(COMMENT, '');
}

/** Name of a view → what it can be asked, and the schema of what it answers. */
function viewsOf(paths) {
  const found = new Map();
  for (const [path, { get }] of Object.entries(paths)) {
    const answer = get?.responses['200']?.content?.['application/json']?.schema?.$ref;
    if (!path.startsWith(PREFIX) || !answer || path.includes('{')) continue;
    const query = {};
    for (const { name, in: place, schema } of get.parameters ?? []) {
      if (place === 'query') query[name] = { ...schema, default: undefined };
    }
    found.set(path.slice(PREFIX.length), { query, answer: answer.split('/').at(-1) });
  }
  return found;
}

/** Names of schemas that a schema leads to, itself too. */
function reached(name, schemas, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, next] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    reached(next, schemas, found);
  }
  return found;
}

function without(query, common) {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !(name in common)));
}

async function files() {
  const { paths, components } = JSON.parse(await readFile(source, 'utf8'));
  const views = viewsOf(paths);
  const filters = views.get(COMMON).query;
  const schemas = { Filters: { type: 'object', properties: filters } };
  const lines = [];
  for (const [name, { query, answer }] of views) {
    const more = without(query, filters);
    const isFiltered = Object.keys(query).length > 0;
    if (Object.keys(more).length > 0) schemas[name] = { type: 'object', properties: more };
    const parts = [
      ...(isFiltered ? ["Asked['Filters']"] : []),
      ...(Object.keys(more).length > 0 ? [`Asked['${name}']`] : []),
    ];
    const asked = parts.join(' & ') || 'Record<string, never>';
    lines.push(`  '${name}': { query: ${asked}; answer: Answers['${answer}'] };`);
  }
  const answers = new Set();
  for (const { answer } of views.values()) reached(answer, components.schemas, answers);
  const answered = Object.entries(components.schemas).filter(([name]) => answers.has(name));
  return {
    'answers.ts': HEAD + (await typesOf(Object.fromEntries(answered))),
    'views.ts':
      `${HEAD}import type { components as answers } from './answers';\n\n${await typesOf(schemas)}\n` +
      "type Answers = answers['schemas'];\ntype Asked = components['schemas'];\n\n" +
      `export interface Views {\n${lines.join('\n')}\n}\n`,
  };
}

for (const [name, text] of Object.entries(await files())) {
  const target = new URL(name, folder);
  if (!process.argv.includes('--check')) {
    await writeFile(target, text);
  } else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    console.error(`src/app/api/${name} is not what the OpenAPI document says; run: npm run types`);
    process.exitCode = 1;
  }
}
