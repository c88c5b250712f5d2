import { basename, dirname } from 'node:path';
import type { Metadata } from '../../engine/types.js';
import type { IndexItem } from './index-items.js';

export interface Dress {
  /** Under whatever an item brings itself. */
  metadata?: Metadata | undefined;
  idPrefix: string;
  /** Metadata field for the name of the folder that a picture lies in. */
  folderField?: string | undefined;
}

/** @returns the items with the prefix before their ids and the common metadata under their own. */
export function dressItems(items: IndexItem[], { metadata, idPrefix, folderField }: Dress): IndexItem[] {
  return items.map((item) => {
    const id = `${idPrefix}${item.id}`;
    if (item.op === 'delete') return { ...item, id };
    const folder = folderField === undefined ? undefined : { [folderField]: basename(dirname(item.path)) };
    const parts = [metadata, folder, item.metadata].filter((part) => part !== undefined);
    return { ...item, id, ...(parts.length === 0 ? {} : { metadata: Object.assign({}, ...parts) as Metadata }) };
  });
}
