import { LikenessError } from '../../engine/errors.js';

/** Of NumPy's file format 1.0: magic, version, header length; padded so that the data is aligned. */
const MAGIC = '\u0093NUMPY\u0001\u0000';
/** Long enough for every shape, so that it can be written again once the number of rows is known. */
export const NPY_HEADER_BYTES = 128;

/** @returns the header of a little-endian float32 matrix [rows, columns] in C order. */
export function npyHeader(rows: number, columns: number): Uint8Array {
  const facts = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const header = Buffer.alloc(NPY_HEADER_BYTES, ' ');
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt16LE(NPY_HEADER_BYTES - 10, 8);
  header.write(facts, 10, 'latin1');
  header.write('\n', NPY_HEADER_BYTES - 1, 'latin1');
  return header;
}

/** @returns shape and start of the data. @throws `invalid_request` if it is no little-endian float32 matrix */
export function parseNpyHeader(bytes: Uint8Array, file: string): { rows: number; columns: number; dataStart: number } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = buffer.length >= 10 && buffer.toString('latin1', 0, 8) === MAGIC ? buffer.readUInt16LE(8) : -1;
  const facts = buffer.toString('latin1', 10, 10 + Math.max(0, headerBytes));
  const shape = /'shape': \((\d+), (\d+)\)/.exec(facts);
  if (shape === null || !facts.includes("'<f4'") || !facts.includes("'fortran_order': False")) {
    throw new LikenessError(
      'invalid_request',
      `expected a matrix of little-endian float32 in ${file}, got another file or type`,
    );
  }
  return { rows: Number(shape[1]), columns: Number(shape[2]), dataStart: 10 + headerBytes };
}
