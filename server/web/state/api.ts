import { LikenessClient } from '../../../client/likeness-client.js';

/** Where the API is: beside the page, under a proxy's path too. */
export const BASE = location.pathname.replace(/\/[^/]*$/, '');

export const api = new LikenessClient({ url: BASE, retries: 2 });

/** Address of a picture for <img>. @param version changes when the picture does, so that a kept one is never stale */
export function thumbnailUrl(collection: string, id: string, sizePx: number, version?: string): string {
  const keep = version === undefined ? '' : `&v=${encodeURIComponent(version)}`;
  return `${imageUrl(collection, id)}/thumbnail?size=${sizePx}${keep}`;
}

export function originalUrl(collection: string, id: string): string {
  return `${imageUrl(collection, id)}/original`;
}

function imageUrl(collection: string, id: string): string {
  return `${BASE}/v1/collections/${encodeURIComponent(collection)}/images/${encodeURIComponent(id)}`;
}
