import { Buffer } from 'node:buffer';
import type { AccessProblem } from './access.ts';
import { isNull, type MappingNode, type Node, problemAt, type SourceText } from './located-yaml.ts';

/** What kubectl, which reads YAML 1.1, takes for something else than text. */
const NUMBER =
  /^[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)([eE][-+]?\d+)?$|^[-+]?0(x[\da-fA-F_]+|b[01_]+|o?[0-7_]+)$|^[-+]?\.(inf|Inf|INF|nan|NaN|NAN)$/;
const YES = /^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const NO = /^(n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;

function isNoText(text: string): boolean {
  return NUMBER.test(text) || YES.test(text) || NO.test(text);
}

/** Reads typed fields of a mapping and keeps what is wrong with them. Fields that are absent or null are undefined. */
export class Fields {
  readonly source: SourceText;
  readonly node: MappingNode;
  readonly problems: AccessProblem[];

  constructor(source: SourceText, node: MappingNode, problems: AccessProblem[]) {
    this.source = source;
    this.node = node;
    this.problems = problems;
  }

  /** Notes a problem at a field, or at the mapping where there is no such field. */
  refuse(field: string | undefined, message: string): void {
    const at = field === undefined ? undefined : this.node.entries.get(field)?.at;
    this.problems.push(problemAt(this.source, at ?? this.node.at, message));
  }

  has(field: string): boolean {
    const node = this.node.entries.get(field);
    return node !== undefined && !isNull(node);
  }

  /** A text; an empty one counts as absent, as in kubectl. */
  text(field: string): string | undefined {
    const node = this.valueOf(field);
    if (node === undefined) return undefined;
    const text = this.textOf(node, field);
    return text === '' ? undefined : text;
  }

  flag(field: string): boolean {
    const node = this.valueOf(field);
    if (node === undefined) return false;
    if (node.kind === 'scalar' && node.isPlain && YES.test(node.text)) return true;
    if (node.kind !== 'scalar' || !node.isPlain || !NO.test(node.text))
      this.wrong(node, field, 'true or false');
    return false;
  }

  /** Bytes that are written as base64. */
  data(field: string): string | undefined {
    const text = this.text(field);
    if (text === undefined) return undefined;
    const packed = text.replaceAll(/\s/g, '');
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(packed) && packed.length % 4 === 0)
      return Buffer.from(packed, 'base64').toString('utf8');
    this.refuse(field, `${field} is not base64.`);
    return undefined;
  }

  texts(field: string): readonly string[] {
    const node = this.valueOf(field);
    if (node === undefined) return [];
    if (node.kind === 'list') return node.items.flatMap((item) => this.textOf(item, field) ?? []);
    this.wrong(node, field, 'a list');
    return [];
  }

  mapping(field: string): Fields | undefined {
    const node = this.valueOf(field);
    if (node === undefined) return undefined;
    if (node.kind === 'mapping') return new Fields(this.source, node, this.problems);
    this.wrong(node, field, 'a mapping');
    return undefined;
  }

  /** The mappings of a list. */
  mappings(field: string): readonly Fields[] {
    const node = this.valueOf(field);
    if (node === undefined) return [];
    if (node.kind !== 'list') {
      this.wrong(node, field, 'a list');
      return [];
    }
    return node.items.flatMap((item) => {
      if (item.kind === 'mapping') return [new Fields(this.source, item, this.problems)];
      this.wrong(item, field, 'a list of mappings');
      return [];
    });
  }

  private valueOf(field: string): Node | undefined {
    const node = this.node.entries.get(field);
    return node === undefined || isNull(node) ? undefined : node;
  }

  private textOf(node: Node, field: string): string | undefined {
    if (node.kind === 'scalar' && !(node.isPlain && isNoText(node.text))) return node.text;
    this.wrong(node, field, node.kind === 'scalar' ? 'a text, so it needs quotes' : 'a text');
    return undefined;
  }

  private wrong(node: Node, field: string, what: string): void {
    this.problems.push(problemAt(this.source, node.at, `${field} must be ${what}.`));
  }
}

/** What a YAML value is in JSON, with plain scalars read as kubectl reads them. */
export function jsonOf(node: Node): unknown {
  switch (node.kind) {
    case 'list':
      return node.items.map(jsonOf);
    case 'mapping':
      return Object.fromEntries([...node.entries].map(([key, value]) => [key, jsonOf(value)]));
    case 'scalar':
      if (!node.isPlain) return node.text;
      if (isNull(node)) return null;
      if (YES.test(node.text) || NO.test(node.text)) return YES.test(node.text);
      return NUMBER.test(node.text) && Number.isFinite(Number(node.text)) ? Number(node.text) : node.text;
  }
}
