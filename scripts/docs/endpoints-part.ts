import { z } from 'zod';
import { markdownTable } from './markdown.js';

type JsonSchema = z.infer<typeof jsonSchemaSchema>;
/** What is shown of a JSON schema. */
const jsonSchemaSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), jsonSchemaSchema).optional();
  },
  get items() {
    return jsonSchemaSchema.optional();
  },
  get anyOf() {
    return z.array(jsonSchemaSchema).optional();
  },
  get oneOf() {
    return z.array(jsonSchemaSchema).optional();
  },
});

const bodySchema = z.looseObject({ schema: jsonSchemaSchema.optional() });
const operationSchema = z.looseObject({
  summary: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).default([]),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        description: z.string().optional(),
        schema: jsonSchemaSchema.optional(),
      }),
    )
    .default([]),
  requestBody: z.looseObject({ content: z.record(z.string(), bodySchema) }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), bodySchema).optional() })).default({}),
});
const documentSchema = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) });

/** @param openapi the server's own document. @returns every endpoint with its parameters and bodies, by tag. */
export function endpointsPart(openapi: unknown): string {
  const operations = Object.entries(documentSchema.parse(openapi).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
  const tags = [...new Set(operations.map(({ tags: [tag = 'service'] }) => tag))];
  return tags
    .map((tag) => {
      const own = operations.filter(({ tags: [first = 'service'] }) => first === tag);
      return [`## ${tag}`, ...own.map(describeOperation)].join('\n\n');
    })
    .join('\n\n');
}

function describeOperation(operation: z.infer<typeof operationSchema> & { path: string; method: string }): string {
  const { method, path, summary, description, parameters, requestBody, responses } = operation;
  const [status = '', answer] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const texts = [summary, description].flatMap((text) => (text === undefined ? [] : [`${text}.`]));
  const rows = query.map(({ name, required, schema, ...parameter }) => [
    `\`${name}\``,
    typeText(schema ?? {}),
    [parameter.description ?? schema?.description ?? '', ...(required ? ['(required)'] : [])].join(' '),
  ]);
  return [
    `### ${method} ${path}`,
    ...texts,
    ...(rows.length === 0 ? [] : [markdownTable(['in the query string', 'type', 'what it is'], rows)]),
    ...contents(requestBody?.content, 'Body', true),
    ...contents(answer?.content, `Answer ${status},`, false),
  ].join('\n\n');
}

function contents(
  content: Record<string, z.infer<typeof bodySchema>> | undefined,
  title: string,
  marks: boolean,
): string[] {
  return Object.entries(content ?? {}).map(([type, { schema }]) =>
    describeContent(`${title} \`${type}\``, schema ?? {}, marks),
  );
}

function describeContent(title: string, schema: JsonSchema, marks: boolean): string {
  const objects = objectsOf(schema);
  if (objects.length === 0) return `${title}: ${typeText(schema)}.`;
  return `${title}:\n\n${objects.map((object) => fieldTable(object, marks)).join('\n\nor\n\n')}`;
}

/** @returns the objects that a value may be, those with known fields. */
function objectsOf(schema: JsonSchema): JsonSchema[] {
  if (schema.properties !== undefined) return [schema];
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(objectsOf);
}

/** @param marks whether fields that must be there are marked: in what is sent. */
function fieldTable({ properties, required = [] }: JsonSchema, marks: boolean): string {
  const rows = Object.entries(properties ?? {}).map(([name, field]) => [
    `\`${name}\``,
    typeText(field),
    [field.description ?? '', ...(marks && required.includes(name) ? ['(required)'] : [])].join(' ').trim(),
  ]);
  return markdownTable(['field', 'type', 'what it is'], rows);
}

/** @returns such as `number`, `"a" or "b"`, `list of text`. */
function typeText(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(' or ');
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  if (schema['format'] === 'binary') return 'bytes';
  if (typeof schema.type !== 'string') return 'any JSON';
  return { string: 'text', integer: 'whole number', boolean: 'true or false' }[schema.type] ?? schema.type;
}
