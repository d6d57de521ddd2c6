// Serves the build as the product does (nonce, strict CSP, mount path), with made-up answers:
//   npm run preview -- [port] [mount]      TE_API=http://127.0.0.1:8200 takes answers from there
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import * as fixtures from '../src/testing/fixtures.ts';

const port = Number(process.argv[2] ?? 4300);
const mount = process.argv[3] ?? '/';
const folder = new URL('../../te_assets/dashboard/static/', import.meta.url);
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const NONCE = 'cHJldmlldw';
const CSP = [
  "default-src 'self'",
  `script-src 'nonce-${NONCE}' 'self'`,
  `style-src 'self' 'nonce-${NONCE}'`,
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
].join('; ');

const ANSWERS = {
  meta: () => fixtures.META,
  definitions: () => fixtures.DEFINITIONS,
  overview: fixtures.overview,
  availability: fixtures.availability,
  stops: fixtures.stops,
};

function answer(view, response) {
  if (view === 'events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n');
    return;
  }
  const body = ANSWERS[view]?.();
  response.writeHead(body ? 200 : 503, {
    'content-type': body ? 'application/json' : 'application/problem+json',
  });
  const problem = { title: 'No answer is made up for this view', status: 503, request_id: 'p-1' };
  response.end(JSON.stringify(body ?? problem));
}

async function forward(request, path, response) {
  const { accept, 'accept-language': language } = request.headers;
  const headers = { ...(accept && { accept }), ...(language && { 'accept-language': language }) };
  const got = await fetch(new URL(path, process.env.TE_API), { headers });
  response.writeHead(got.status, { 'content-type': got.headers.get('content-type') ?? '' });
  if (!got.body) return response.end();
  for await (const chunk of got.body) response.write(chunk);
  response.end();
}

createServer(async (request, response) => {
  const { pathname, search } = new URL(request.url, 'http://preview');
  const path = pathname.startsWith(mount) ? pathname.slice(mount.length) : pathname.slice(1);
  try {
    if (path.startsWith('api/')) {
      if (process.env.TE_API) return await forward(request, `/${path}${search}`, response);
      return answer(path.split('/')[2], response);
    }
    const type = TYPES[extname(path)];
    if (type) {
      response.writeHead(200, { 'content-type': type });
      return response.end(await readFile(new URL(path, folder)));
    }
    const page = (await readFile(new URL('index.html', folder), 'utf8'))
      .replaceAll('__CSP_NONCE__', NONCE)
      .replace('<base href="/"', `<base href="${mount}"`);
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': CSP });
    response.end(page);
  } catch (error) {
    if (!response.headersSent) response.writeHead(502);
    response.end(String(error));
  }
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}${mount}`));
