import type { EvaluationItem, Protocol } from '../../../../engine/evaluate/protocol.js';

/** Items from ids such as `dog/1`: the folder is the label. */
export function items(...ids: string[]): EvaluationItem[] {
  return ids.map((id) => ({ id, label: id.includes('/') ? id.split('/')[0]! : '', path: `/pictures/${id}` }));
}

/** What a protocol says of each query: `query: right answers - junk`, ids sorted. */
export function judgements(protocol: Protocol): string[] {
  const list = (ids: ReadonlySet<string>) => [...ids].sort().join(' ');
  return protocol.queries.map(
    (query) => `${query.id}: ${list(protocol.relevant(query))} - ${list(protocol.junk(query))}`,
  );
}
