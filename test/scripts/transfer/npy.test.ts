import { describe, expect, it } from 'vitest';
import { NPY_HEADER_BYTES, npyHeader, parseNpyHeader } from '../../../scripts/transfer/npy.js';

/** What numpy.save writes before the data of a float32 matrix of 3 rows and 2 columns (NumPy 1.26), byte for byte. */
const NUMPY_HEADER = Buffer.concat([
  Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 0x01, 0x00, 0x76, 0x00]),
  Buffer.from("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }".padEnd(117, ' ') + '\n'),
]);

describe('the header of an npy file', () => {
  it('is what NumPy writes', () => {
    expect(Buffer.from(npyHeader(3, 2))).toEqual(NUMPY_HEADER);
    expect(npyHeader(3, 2)).toHaveLength(NPY_HEADER_BYTES);
    expect(NPY_HEADER_BYTES % 64).toBe(0);
  });

  it('has room for any number of rows', () => {
    const header = npyHeader(2 ** 40, 8192);
    expect(header).toHaveLength(NPY_HEADER_BYTES);
    expect(parseNpyHeader(header, 'x')).toEqual({ rows: 2 ** 40, columns: 8192, dataStart: 128 });
  });

  it('is read with another padding too', () => {
    const facts = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }\n";
    const bytes = Buffer.concat([NUMPY_HEADER.subarray(0, 8), Buffer.from([facts.length, 0]), Buffer.from(facts)]);
    expect(parseNpyHeader(bytes, 'x')).toEqual({ rows: 3, columns: 2, dataStart: 10 + facts.length });
  });

  it.each([
    ['no npy', Buffer.from('PK\u0003\u0004 something else entirely')],
    ['cut short', NUMPY_HEADER.subarray(0, 9)],
    ['float64', Buffer.from(NUMPY_HEADER.toString('latin1').replace('<f4', '<f8'), 'latin1')],
    ['big-endian', Buffer.from(NUMPY_HEADER.toString('latin1').replace('<f4', '>f4'), 'latin1')],
    ['column order', Buffer.from(NUMPY_HEADER.toString('latin1').replace('False', 'True '), 'latin1')],
    ['a vector', Buffer.from(NUMPY_HEADER.toString('latin1').replace('(3, 2)', '(6,)  '), 'latin1')],
  ])('of %s is refused, the file named', (_, bytes) => {
    expect(() => parseNpyHeader(bytes, 'rows.npy')).toThrow(/little-endian float32 in rows\.npy/);
  });
});
