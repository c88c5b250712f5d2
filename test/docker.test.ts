import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig, namesOf } from '../server/load-config.js';
import { serverConfigSchema, type ServerConfig } from '../server/config.js';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const DOCKERFILE = read('Dockerfile').replaceAll(/\\\n\s*/g, '');
const RUN_STAGE = DOCKERFILE.slice(DOCKERFILE.lastIndexOf('\nFROM '));
const IMAGE_ENV = Object.fromEntries(
  [...(/^ENV (.*)$/m.exec(RUN_STAGE)?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
);

/** What the tests look at in compose.yaml; an unknown key of a service is left to Compose itself. */
const COMPOSE = z
  .strictObject({
    name: z.string(),
    services: z.strictObject({
      likeness: z.looseObject({
        environment: z.record(z.string(), z.string()),
        ports: z.array(z.string()),
        volumes: z.array(z.string()),
        stop_grace_period: z.string().regex(/^\d+s$/),
        read_only: z.boolean(),
      }),
    }),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read('compose.yaml')));
const SERVICE = COMPOSE.services.likeness;

const VARIABLES = Object.keys(serverConfigSchema.shape).map((key) => namesOf(key).env);
const likenessNames = (env: object): string[] => Object.keys(env).filter((name) => name.startsWith('LIKENESS_'));

/** The instruction's argument in the stage that runs. */
function instruction(name: string): string {
  return new RegExp(`^${name} (.*)$`, 'm').exec(RUN_STAGE)?.[1] ?? `no ${name}`;
}

/** The config of the image's own command and variables, and those given. */
function load(env: Record<string, string>): ServerConfig {
  const [, ...flags] = z.array(z.string()).parse(JSON.parse(instruction('CMD')));
  const { values } = parseArgs({ args: flags, options: { host: { type: 'string' } } });
  return loadConfig({ flags: values, env: { ...IMAGE_ENV, ...env }, cwd: join(ROOT, 'models') });
}

describe('Dockerfile', () => {
  it('runs a Node that package.json allows, on glibc', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const lowestMajor = Number(/^>=(\d+)\./.exec(engines.node)?.[1]);
    const [, major, variant] = /^ARG NODE_IMAGE=\S*node:(\d+)-(\S+)$/m.exec(DOCKERFILE) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(lowestMajor);
    expect(variant).toMatch(/^(bookworm|trixie)-slim$/);
  });

  it('sets variables that the config knows, and listens where it says', () => {
    expect(likenessNames(IMAGE_ENV)).toEqual(['LIKENESS_PORT', 'LIKENESS_DATA_DIR']);
    expect(VARIABLES).toEqual(expect.arrayContaining(likenessNames(IMAGE_ENV)));
    const config = load({ LIKENESS_WRITE_KEYS: 'a-key' });
    expect(config.host).toBe('0.0.0.0');
    expect(instruction('EXPOSE')).toBe(String(config.port));
    expect(instruction('VOLUME')).toBe(config.dataDir);
    expect(config.port).toBe(serverConfigSchema.shape.port.parse(undefined));
  });

  it('refuses to serve strangers without keys', () => {
    expect(() => load({})).toThrow(/allowUnauthenticated/);
  });

  it('asks a route for its health that needs no key', () => {
    const path = /HEALTHCHECK .*?\}(\/\w+)`/.exec(RUN_STAGE)?.[1] ?? 'no HEALTHCHECK';
    expect(read('server/routes/health.ts')).toContain(`'${path}',\n    {\n      config: { access: 'open'`);
  });

  it('runs as a user without privileges', () => {
    expect(instruction('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('copies what is there, and what .dockerignore lets through', () => {
    const copied = [...DOCKERFILE.matchAll(/^COPY (?:--chmod=\d+ )?(?!--from)(.*) \S+$/gm)].flatMap(
      ([, sources = '']) => sources.split(' '),
    );
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(copied.length).toBeGreaterThan(8);
    expect(copied.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
    expect(copied.filter((source) => !allowed.some((entry) => source.startsWith(entry)))).toEqual([]);
    expect(read('.dockerignore')).toMatch(/^\*$/m);
  });

  it('copies every folder that the compiler reads', () => {
    const { include } = JSON.parse(read('tsconfig.build.json')) as { include: string[] };
    expect(include.filter((folder) => !DOCKERFILE.includes(`COPY ${folder}/ ${folder}/`))).toEqual([]);
  });
});

describe('compose.yaml', () => {
  it('sets variables that the config knows, and asks for a key', () => {
    expect(VARIABLES).toEqual(expect.arrayContaining(likenessNames(SERVICE.environment)));
    expect(SERVICE.environment['LIKENESS_WRITE_KEYS']).toMatch(/^\$\{LIKENESS_WRITE_KEYS:\?/);
  });

  it('publishes the port of the image on this machine alone', () => {
    expect(SERVICE.ports).toEqual([`127.0.0.1:${instruction('EXPOSE')}:${instruction('EXPOSE')}`]);
  });

  it('keeps the data in a named volume, and nothing else', () => {
    expect(SERVICE.read_only).toBe(true);
    expect(SERVICE.volumes).toEqual(Object.keys(COMPOSE.volumes).map((name) => `${name}:${instruction('VOLUME')}`));
  });

  it('waits for a shutdown longer than the server does', () => {
    const graceMs = Number.parseInt(SERVICE.stop_grace_period) * 1000;
    expect(graceMs).toBeGreaterThan(serverConfigSchema.shape.shutdownTimeoutMs.parse(undefined));
  });
});

describe('docs/deployment.md', () => {
  it('names variables that there are', () => {
    const named = new Set(read('docs/deployment.md').match(/\bLIKENESS_[A-Z_]*[A-Z]\b/g));
    // read by the command line, to talk to a server
    named.delete('LIKENESS_API_KEY');
    expect(named.size).toBeGreaterThan(3);
    expect(VARIABLES).toEqual(expect.arrayContaining([...named]));
  });

  it('makes a base image of the name that the Dockerfile asks for', () => {
    const [, image = 'none'] = /^ARG NODE_IMAGE=(\S+)$/m.exec(DOCKERFILE) ?? [];
    expect(read('docs/deployment.md')).toContain(`"$base" ${image}\n`);
  });
});
