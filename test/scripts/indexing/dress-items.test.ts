import { expect, it } from 'vitest';
import { dressItems } from '../../../scripts/indexing/dress-items.js';

const add = { op: 'add' as const, id: 'mugs/1.jpg', path: '/shop/mugs/1.jpg' };

it('puts the prefix before ids, of deletions too', () => {
  const items = dressItems([add, { op: 'delete', id: 'old' }], { idPrefix: 'eu/' });
  expect(items.map(({ id }) => id)).toEqual(['eu/mugs/1.jpg', 'eu/old']);
  expect(items[0]).not.toHaveProperty('metadata');
});

it('lays metadata in layers: common, then the folder, then the item', () => {
  const own = { ...add, metadata: { brand: 'own' } };
  const dress = { idPrefix: '', metadata: { brand: 'common', year: 2020, kind: 'x' }, folderField: 'kind' };
  expect(dressItems([own], dress)).toEqual([{ ...add, metadata: { brand: 'own', year: 2020, kind: 'mugs' } }]);
});
