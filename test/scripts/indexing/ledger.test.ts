import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultLedger } from '../../../scripts/indexing/default-ledger.js';
import { Ledger, rejectedIds, type LedgerEntry } from '../../../scripts/indexing/ledger.js';
import { tempFolder } from '../../support/temp-folder.js';

async function append(file: string, ...entries: LedgerEntry[]): Promise<void> {
  const ledger = await Ledger.open(file);
  for (const entry of entries) ledger.write(entry);
  await ledger.close();
}

const rejected = (id: string): LedgerEntry => ({ id, outcome: 'rejected', code: 'truncated_image', message: 'ends' });

describe('the ledger', () => {
  it('keeps a line for each entry of each run, with the time, in a folder it makes', async () => {
    const file = join(await tempFolder(), 'deep', 'l.ndjson');
    await append(file, { id: 'a', outcome: 'added', path: '/a.jpg' });
    await append(file, rejected('b'));
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0]!)).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      id: 'a',
      outcome: 'added',
      path: '/a.jpg',
    });
    expect(JSON.parse(lines[1]!)).toMatchObject({ id: 'b', code: 'truncated_image' });
  });

  it('counts what an id got last', async () => {
    const file = join(await tempFolder(), 'l.ndjson');
    await append(file, rejected('a'), rejected('b'), { id: 'a', outcome: 'added' });
    await append(file, { id: 'c', outcome: 'unchanged' }, rejected('c'));
    expect(await rejectedIds(file)).toEqual(new Set(['b', 'c']));
  });

  it('passes over a line torn by a crash, which swallows no line of the next run', async () => {
    const file = join(await tempFolder(), 'l.ndjson');
    await append(file, rejected('a'));
    await appendFile(file, '{"id":"torn","outc');
    await append(file, rejected('b'));
    await append(file, rejected('c'));
    expect(await rejectedIds(file)).toEqual(new Set(['a', 'b', 'c']));
  });

  it('says where it was expected', async () => {
    const folder = await tempFolder();
    await expect(rejectedIds(join(folder, 'none'))).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('none') as string,
    });
    await writeFile(join(folder, 'file'), '');
    await expect(Ledger.open(join(folder, 'file', 'l'))).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is another one for another source, collection or server', () => {
    const subject = { dataDir: '/data', collection: 'shop', source: '/home/me/My Pictures' };
    const file = defaultLedger(subject);
    expect(file).toMatch(/^\/data\/ledgers\/shop-My_Pictures-[0-9a-f]{8}\.ndjson$/);
    expect(defaultLedger(subject)).toBe(file);
    const others = [{ source: '/mnt/My Pictures' }, { collection: 'b' }, { server: 'http://x' }];
    for (const other of others) expect(defaultLedger({ ...subject, ...other })).not.toBe(file);
  });
});
