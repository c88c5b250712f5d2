import { describe, expect, it } from 'vitest';
import { fieldsOf, requireFields } from '../../scripts/field-options.js';

describe('fields of the metadata on the command line', () => {
  it('are absent where they are not given', () => {
    expect(fieldsOf({})).toEqual({});
    expect(fieldsOf({ categoryField: 'kind' })).toEqual({ categoryField: 'kind' });
  });

  it('must be those of a collection that exists', () => {
    requireFields({ name: 'shop' }, {});
    requireFields({ name: 'shop', categoryField: 'kind' }, { categoryField: 'kind' });
    expect(() => requireFields({ name: 'shop' }, { categoryField: 'kind' })).toThrow(
      '--category-field: expected none, as collection shop was made, got kind; a search may name another: --category kind',
    );
  });
});
