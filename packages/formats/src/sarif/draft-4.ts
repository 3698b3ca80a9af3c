import type { Json } from '@bulwark/core';

type Schema = Readonly<Record<string, Json>>;
type Check = (operand: Json, value: Json) => boolean;

const PATH = /^[\w./?%!'()*~:@&=+$,;#-]*$/;

/** The keywords of JSON Schema, draft 4, that the schema of SARIF uses and that need no look at other schemas. */
const CHECKS: Readonly<Record<string, Check>> = {
  type: (type, value) =>
    typesOf(value).some((each) => (Array.isArray(type) ? type.includes(each) : type === each)),
  enum: (values, value) => Array.isArray(values) && values.some((each) => each === value),
  minimum: (least, value) => typeof value !== 'number' || value >= Number(least),
  maximum: (most, value) => typeof value !== 'number' || value <= Number(most),
  minItems: (least, value) => !Array.isArray(value) || value.length >= Number(least),
  uniqueItems: (isOn, value) =>
    isOn !== true ||
    !Array.isArray(value) ||
    new Set(value.map((item) => JSON.stringify(item))).size === value.length,
  pattern: (pattern, value) =>
    typeof value !== 'string' || typeof pattern !== 'string' || new RegExp(pattern, 'u').test(value),
  format: (format, value) => format === 'date-time' || typeof value !== 'string' || PATH.test(value),
  required: (names, value) =>
    !isRecord(value) || (Array.isArray(names) && names.every((name) => Object.hasOwn(value, String(name)))),
};
/** Keywords that say nothing of a value, and those that `Validator` follows. */
const OTHERS = new Set([
  ...['$schema', 'id', 'title', 'description', 'default', 'definitions'],
  ...['$ref', 'properties', 'additionalProperties', 'items', 'anyOf', 'oneOf'],
]);

function isRecord(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typesOf(value: Json): string[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  return Number.isInteger(value) ? ['integer', 'number'] : [typeof value];
}

/** Checks a value by a schema; says what is wrong and where, and nothing when all is right. For tests. */
export function schemaFaults(schema: Json, value: Json): string[] {
  if (!isRecord(schema)) throw new Error('the schema is no object');
  return [...new Validator(schema).faults(schema, value, '$')];
}

class Validator {
  private readonly root: Schema;

  constructor(root: Schema) {
    this.root = root;
  }

  *faults(schema: Schema, value: Json, at: string): Generator<string> {
    const { $ref } = schema;
    if (typeof $ref === 'string') {
      yield* this.faults(this.resolve($ref), value, at);
      return;
    }
    for (const [keyword, operand] of Object.entries(schema)) {
      const check = CHECKS[keyword];
      if (check === undefined && !OTHERS.has(keyword)) throw new Error(`${keyword} is not supported`);
      if (check?.(operand, value) === false) yield `${at}: ${keyword} ${JSON.stringify(operand)}`;
    }
    yield* this.alternatives(schema, value, at);
    if (Array.isArray(value) && isRecord(schema['items']))
      for (const [index, item] of value.entries())
        yield* this.faults(schema['items'], item, `${at}[${index}]`);
    if (isRecord(value)) yield* this.members(schema, value, at);
  }

  private resolve(ref: string): Schema {
    let found: Json | undefined = this.root;
    for (const part of ref.split('/').slice(1)) found = isRecord(found) ? found[part] : undefined;
    if (!isRecord(found)) throw new Error(`${ref} leads nowhere`);
    return found;
  }

  private *alternatives({ anyOf, oneOf }: Schema, value: Json, at: string): Generator<string> {
    for (const [schemas, isEnough] of [
      [anyOf, (count: number) => count > 0],
      [oneOf, (count: number) => count === 1],
    ] as const) {
      if (!Array.isArray(schemas)) continue;
      const fitting = schemas.filter(
        (each) => isRecord(each) && [...this.faults(each, value, at)].length === 0,
      );
      if (!isEnough(fitting.length)) yield `${at}: fits ${fitting.length} of ${schemas.length} alternatives`;
    }
  }

  private *members(schema: Schema, value: Schema, at: string): Generator<string> {
    const { properties, additionalProperties } = schema;
    for (const [name, member] of Object.entries(value)) {
      const known = isRecord(properties) ? properties[name] : undefined;
      const place = `${at}.${name}`;
      if (isRecord(known)) yield* this.faults(known, member, place);
      else if (additionalProperties === false) yield `${place}: is not in the schema`;
      else if (isRecord(additionalProperties)) yield* this.faults(additionalProperties, member, place);
    }
  }
}
