import { z } from 'zod';
import { type SchemaFault, schemaFaults } from './faults.ts';

/** Where the JSON Schema of `hub.yaml` is published. */
export const HUB_SCHEMA_URL = 'https://bulwark.dev/schemas/hub-v1.json';

/** What the value of a setting is; a `secret` stands in no file of settings, only where to find it does. */
export type SettingKind = 'text' | 'file' | 'folder' | 'number' | 'switch' | 'choice' | 'list' | 'secret';

/** A setting as its flag, its variable and its key in a file all have it. */
export interface Setting {
  readonly kind: SettingKind;
  /** What it is, for help, documentation and editors. */
  readonly about: string;
  /** What help calls the value; a switch has none. */
  readonly placeholder?: string;
  /** Of a choice. */
  readonly choices?: readonly string[];
  /** Of a number: the largest. */
  readonly most?: number;
  readonly default?: string | number;
  /** What is wrong with a text, as the end of a sentence about it; undefined where nothing is. */
  readonly whyNot?: (text: string) => string | undefined;
}

/** Settings by the name that is their key. */
export type Settings = Readonly<Record<string, Setting>>;

/** The schema of a file that holds settings. */
export function settingsSchema(settings: Settings) {
  return z
    .strictObject({
      $schema: z.string().optional().describe('For editors.'),
      version: z.literal(1).optional().describe('The version of this format.'),
      ...Object.fromEntries(
        Object.entries(settings).map(([name, setting]) => [
          name,
          valueSchema(setting).optional().describe(setting.about),
        ]),
      ),
    })
    .describe('Settings of the hub, hub.yaml.');
}

/** What is wrong with a number, as the end of a sentence about it; undefined where nothing is. */
export function whyNoNumber({ most = Number.MAX_SAFE_INTEGER }: Setting, number: number): string | undefined {
  if (Number.isInteger(number) && number >= 1 && number <= most) return undefined;
  return `must be a whole number from 1 to ${most}`;
}

function valueSchema(setting: Setting): z.ZodType {
  const text = checkedText(setting);
  switch (setting.kind) {
    case 'switch':
      return z.boolean();
    case 'number':
      return z
        .number({ error: whyNoNumber(setting, 0) })
        .superRefine((number, context) => {
          const message = whyNoNumber(setting, number);
          if (message !== undefined) context.addIssue({ code: 'custom', message });
        })
        .meta({ type: 'integer', minimum: 1, maximum: setting.most });
    case 'choice':
      return z.enum([...(setting.choices ?? [])]);
    case 'list':
      return z.union([z.array(text).min(1), text]);
    case 'secret':
      return secretPlace;
    case 'text':
    case 'file':
    case 'folder':
      return text;
  }
}

/** Nothing of a text is in a message: it could be a secret in the wrong place. */
function checkedText({ whyNot }: Setting): z.ZodType<string> {
  const text = z.string().min(1);
  if (whyNot === undefined) return text;
  return text.refine((written) => written === '' || whyNot(written) === undefined, {
    error: ({ input }) => (typeof input === 'string' ? whyNot(input) : undefined) ?? 'must be a text',
  });
}

const NO_SECRET = 'must be {file: FILE} or {env: VARIABLE}: a secret does not stand in this file';

const secretPlace = z
  .strictObject(
    {
      file: z.string().min(1).optional().describe('A file that holds it, without the line break at its end.'),
      env: z.string().min(1).optional().describe('A variable of the environment that holds it.'),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? NO_SECRET : undefined) },
  )
  .refine(({ file, env }) => (file === undefined) !== (env === undefined), NO_SECRET)
  .meta({ minProperties: 1, maxProperties: 1 });

/** The schema of `hub.yaml` as JSON Schema, draft 2020-12, for editors. */
export function hubJsonSchema(settings: Settings): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(settingsSchema(settings), {
    target: 'draft-2020-12',
    io: 'input',
  });
  return { $schema, $id: HUB_SCHEMA_URL, title: 'Settings of the Bulwark hub, version 1', ...rest };
}

/** Every fault of a `hub.yaml` at once. Empty when its schema accepts it. */
export function hubFaults(settings: Settings, value: unknown): SchemaFault[] {
  return schemaFaults({ schema: settingsSchema(settings), published: hubJsonSchema(settings) }, value);
}
