import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LikenessError } from '../../engine/errors.js';
import type { ImageWrite } from '../../engine/store/store.js';
import { collectionConfigSchema, imageRecordSchema } from '../../engine/types.js';
import { NPY_HEADER_BYTES, npyHeader, parseNpyHeader } from './npy.js';
import { readLines } from '../../server/lines.js';
import { decodeRegions, encodeRegions } from '../../server/region-text.js';
import { transferRegionSchema } from '../../server/schemas.js';

/** What an export is of; fingerprint says which model made the descriptors. */
const exportFactsSchema = z.strictObject({
  format: z.literal(1),
  model: z.string(),
  fingerprint: z.string(),
  dimension: z.number().int().positive(),
  images: z.number().int().min(0),
  config: collectionConfigSchema.omit({ model: true }),
});
export type ExportFacts = z.infer<typeof exportFactsSchema>;

/** A line of images.ndjson; its descriptor is the row of the same number in descriptors.npy, those of its parts are with it. */
const exportLineSchema = imageRecordSchema
  .omit({ sequence: true })
  .extend({ regions: z.array(transferRegionSchema).optional() });

const FACTS = 'collection.json';
const IMAGES = 'images.ndjson';
const DESCRIPTORS = 'descriptors.npy';

/** Writes a folder with collection.json, images.ndjson and descriptors.npy. @returns the images written. */
export async function writeExport(
  folder: string,
  facts: Omit<ExportFacts, 'format' | 'images'>,
  images: AsyncIterable<ImageWrite>,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  // what an earlier export left is no longer whole from here on
  await rm(join(folder, FACTS), { force: true });
  const lines = await open(join(folder, IMAGES), 'w');
  const rows = await open(join(folder, DESCRIPTORS), 'w');
  let count = 0;
  try {
    await rows.write(npyHeader(0, facts.dimension), 0, NPY_HEADER_BYTES, 0);
    for await (const { descriptor, regions, ...record } of images) {
      checkLength(descriptor, facts.dimension, record.id);
      await lines.appendFile(`${JSON.stringify({ ...record, ...encodeRegions(regions) })}\n`);
      const bytes = new Uint8Array(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);
      await rows.write(bytes, 0, bytes.length, NPY_HEADER_BYTES + count * bytes.length);
      count += 1;
    }
    await rows.write(npyHeader(count, facts.dimension), 0, NPY_HEADER_BYTES, 0);
    await Promise.all([rows.sync(), lines.sync()]);
  } finally {
    await Promise.all([rows.close(), lines.close()]);
  }
  const file = await open(join(folder, FACTS), 'w');
  // last, so that an export that was cut short is not taken for a whole one
  await file.writeFile(JSON.stringify({ format: 1, ...facts, images: count }, null, 2)).finally(() => file.close());
  return count;
}

function checkLength(descriptor: Float32Array, dimension: number, id: string): void {
  if (descriptor.length === dimension) return;
  const message = `${id}: expected ${dimension} numbers, got ${descriptor.length}; was the collection re-embedded meanwhile?`;
  throw new LikenessError('dimension_mismatch', message);
}

/** @throws `invalid_request` if the folder holds no whole export */
export async function readExportFacts(folder: string): Promise<ExportFacts> {
  try {
    return exportFactsSchema.parse(JSON.parse(await readFile(join(folder, FACTS), 'utf8')));
  } catch (error) {
    throw new LikenessError('invalid_request', `expected an export in ${folder}: ${String(error)}`, { cause: error });
  }
}

/** The images of an export with their descriptors. @throws `invalid_request` naming the line or file that is wrong */
export async function* readExport(folder: string, facts: ExportFacts): AsyncGenerator<ImageWrite> {
  const rows = await openPart(folder, DESCRIPTORS);
  try {
    const header = new Uint8Array(NPY_HEADER_BYTES);
    await rows.read(header, 0, header.length, 0);
    const { columns, dataStart, rows: count } = parseNpyHeader(header, DESCRIPTORS);
    if (columns !== facts.dimension || count !== facts.images) {
      throw new LikenessError(
        'invalid_request',
        `${DESCRIPTORS}: expected [${facts.images}, ${facts.dimension}], got [${count}, ${columns}]`,
      );
    }
    let row = 0;
    for await (const line of linesOf(folder)) {
      const record = parseLine(line, row + 1);
      const { regions, ...facts } = record;
      yield { ...facts, descriptor: await readRow(rows, { row, columns, dataStart }), ...decodeRegions(regions) };
      row += 1;
    }
    if (row !== facts.images)
      throw new LikenessError('invalid_request', `${IMAGES}: expected ${facts.images} lines, got ${row}`);
  } finally {
    await rows.close();
  }
}

interface RowPlace {
  row: number;
  columns: number;
  /** Bytes before the first row. */
  dataStart: number;
}

async function readRow(file: FileHandle, { row, columns, dataStart }: RowPlace): Promise<Float32Array> {
  const descriptor = new Float32Array(columns);
  const bytes = new Uint8Array(descriptor.buffer);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, dataStart + row * bytes.length);
  if (bytesRead === bytes.length) return descriptor;
  throw new LikenessError('invalid_request', `${DESCRIPTORS}: expected row ${row}, the file ends early`);
}

/** Lines end at a newline only; node:readline also breaks at U+2028, which JSON may hold. */
async function* linesOf(folder: string): AsyncGenerator<string> {
  const stream = (await openPart(folder, IMAGES)).createReadStream();
  for await (const line of readLines(stream, Infinity, () => undefined)) if ('text' in line) yield line.text;
}

async function openPart(folder: string, name: string): Promise<FileHandle> {
  return open(join(folder, name), 'r').catch((error: unknown) => {
    throw new LikenessError('invalid_request', `expected ${name} in the export ${folder}: ${String(error)}`, {
      cause: error,
    });
  });
}

function parseLine(line: string, number: number): z.infer<typeof exportLineSchema> {
  try {
    return exportLineSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new LikenessError('invalid_request', `${IMAGES}, line ${number}: ${String(error)}`, { cause: error });
  }
}
