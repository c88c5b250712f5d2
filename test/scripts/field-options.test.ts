import { describe, expect, it } from 'vitest';
import { fieldsOf, requireFields } from '../../scripts/field-options.js';

describe('fields of the metadata on the command line', () => {
  it('are absent where they are not given', () => {
    expect(fieldsOf({})).toEqual({});
    const fields = { categoryField: 'kind', domainField: 'domain' };
    expect(fieldsOf(fields)).toEqual(fields);
    expect(fieldsOf({ textField: ['title', 'tags'] })).toEqual({ textFields: ['title', 'tags'] });
  });

  it('must be those of a collection that exists', () => {
    requireFields({ name: 'shop', textFields: [] }, {});
    requireFields({ name: 'shop', categoryField: 'kind', textFields: ['title'] }, { categoryField: 'kind' });
    expect(() => requireFields({ name: 'shop', textFields: [] }, { categoryField: 'kind' })).toThrow(
      '--category-field: expected none, as collection shop was made, got kind; a search may name another',
    );
    requireFields({ name: 'shop', textFields: ['title', 'tags'] }, { textFields: ['tags', 'title'] });
    expect(() => requireFields({ name: 'shop', textFields: ['title'] }, { textFields: ['tags'] })).toThrow(
      '--text-field: expected title, as collection shop was made, got tags',
    );
  });
});
