import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE_FOLDERS = ['engine', 'server', 'client', 'scripts'];

/** The folder that may import each native package. The demo's drawings are rasterised in a process of their own. */
const NATIVE_HOMES: Record<string, string[]> = {
  sharp: ['engine/image/', 'scripts/demo/'],
  'onnxruntime-node': ['engine/model/'],
  'hnswlib-node': ['engine/vector-index/'],
  'better-sqlite3': ['engine/store/'],
};
/** Folders of engine/ that wire the others; everything else in a folder of engine/ keeps to itself. */
const WIRING = ['engine/collection/'];

interface Import {
  from: string;
  /** A file of the project, or a package's name. */
  to: string;
  typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file));
}

/** Static and dynamic imports and re-exports of one file. */
function importsOf(file: string, text: string): Import[] {
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g,
  );
  return [...statements].map((match) => {
    const target = match[2] ?? match[3] ?? '';
    const to = target.startsWith('.') ? normalize(join(dirname(file), target)).replace(/\.js$/, '.ts') : target;
    return { from: file, to, typeOnly: match[1] !== undefined };
  });
}

const FILES = SOURCE_FOLDERS.flatMap(sourceFiles);
/** The page's views are .tsx, which an import names .js as well. */
const asFile = (to: string): string => (FILES.includes(`${to}x`) ? `${to}x` : to);
const IMPORTS = FILES.flatMap((file) => importsOf(file, readFileSync(join(ROOT, file), 'utf8'))).map((found) => ({
  ...found,
  to: asFile(found.to),
}));

const show = ({ from, to }: Import) => `${from} -> ${to}`;

/** The folder of engine/ that a file lies in, or undefined for files of engine/ itself, which all may import. */
function engineFolder(file: string): string | undefined {
  const [top, folder, ...rest] = file.split('/');
  return top === 'engine' && rest.length > 0 ? folder : undefined;
}

/** @returns one import cycle as a list of files, or undefined. */
function findCycle(edges: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of edges.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe('the import rules', () => {
  it('sees the imports at all', () => {
    expect(FILES.length).toBeGreaterThan(30);
    expect(importsOf('a/b.ts', "import {\n  x,\n} from '../c/d.js';\nimport type { T } from 'zod';")).toEqual([
      { from: 'a/b.ts', to: 'c/d.ts', typeOnly: false },
      { from: 'a/b.ts', to: 'zod', typeOnly: true },
    ]);
    expect(
      findCycle(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
  });

  it('engine imports neither server, client nor scripts', () => {
    const wrong = IMPORTS.filter(
      ({ from, to }) => from.startsWith('engine/') && /^(server|client|scripts|test)\//.test(to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it('server and client do not import scripts', () => {
    const wrong = IMPORTS.filter(({ from, to }) => /^(server|client)\//.test(from) && to.startsWith('scripts/'));
    expect(wrong.map(show)).toEqual([]);
  });

  it('the client takes only types and errors from elsewhere, so that it runs in a browser', () => {
    const allowed = (to: string) =>
      to.startsWith('client/') || to === 'engine/errors.ts' || !/^(engine|server|node:)/.test(to);
    const wrong = IMPORTS.filter(({ from, to, typeOnly }) => from.startsWith('client/') && !typeOnly && !allowed(to));
    expect(wrong.map(show)).toEqual([]);
  });

  it('the page takes what the client takes, and the client: it uses the API as anybody does', () => {
    const own = IMPORTS.filter(({ from }) => from.startsWith('server/web/'));
    expect(own.length).toBeGreaterThan(30);
    const allowed = (to: string) => /^(server\/web|client)\//.test(to) || to === 'engine/errors.ts';
    const wrong = own.filter(
      ({ to, typeOnly }) => !typeOnly && /^(engine|server|scripts|node:)/.test(to) && !allowed(to),
    );
    expect(wrong.map(show)).toEqual([]);
    const users = IMPORTS.filter(({ from, to }) => to.startsWith('server/web/') && !from.startsWith('server/web/'));
    expect(users.map(show)).toEqual([]);
  });

  it('folders of engine keep to themselves; only collection/ and the files of engine/ wire them', () => {
    const wrong = IMPORTS.filter(({ from, to, typeOnly }) => {
      const [own, other] = [engineFolder(from), engineFolder(to)];
      if (own === undefined || other === undefined || typeOnly) return false;
      return own !== other && other !== 'threads' && !WIRING.some((folder) => from.startsWith(folder));
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it.each(Object.entries(NATIVE_HOMES))('%s is imported from its own folder only', (name, homes) => {
    const users = IMPORTS.filter(({ to, typeOnly }) => (to === name || to.startsWith(`${name}/`)) && !typeOnly);
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(({ from }) => !homes.some((home) => from.startsWith(home))).map(show)).toEqual([]);
  });

  it('there are no cycles', () => {
    const edges = new Map<string, string[]>();
    for (const { from, to, typeOnly } of IMPORTS) if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
    expect(findCycle(edges)).toBeUndefined();
  });

  it('there are no barrels, and every import names a file that exists', () => {
    expect(FILES.filter((file) => file.endsWith('/index.ts'))).toEqual([]);
    const known = new Set(FILES);
    const missing = IMPORTS.filter(({ to }) => /\.tsx?$/.test(to) && !known.has(relative('.', to)));
    expect(missing.map(show)).toEqual([]);
  });
});
