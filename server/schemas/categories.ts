/** What a collection knows of categories, over HTTP. */
import { z } from 'zod';
import { headReportSchema } from '../../engine/category/category-head.js';
import { domainsReportSchema } from '../../engine/category/domain-means.js';
import { metadataFieldSchema } from '../../engine/category/label.js';

export const categoriesAnswerSchema = z.object({
  field: metadataFieldSchema.describe('that searches predict when they say nothing').exactOptional(),
  head: headReportSchema.describe('of the head that was trained last; absent where none was').exactOptional(),
  domainField: metadataFieldSchema.exactOptional(),
  domains: domainsReportSchema.describe('whose means were learned; absent where none were').exactOptional(),
  sequence: z.number().int().describe("of the newest commit, to compare with the head's"),
});
export type CategoriesResponse = z.infer<typeof categoriesAnswerSchema>;
