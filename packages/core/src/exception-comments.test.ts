import { readDocuments } from '@bulwark/formats';
import { describe, expect, it } from 'vitest';
import { exceptionComments } from './exception-comments.ts';
import { expandDocument } from './expand.ts';
import { lineStartsOf } from './origin.ts';

function commentsIn(text: string) {
  const lines = { file: 'a.yaml', lineStarts: lineStartsOf(text) };
  const resources = readDocuments(text).documents.flatMap(
    (document) => expandDocument(document, lines, { kubernetes: { minor: 37, text: '1.37' } }).resources,
  );
  return exceptionComments(text, lines, resources).map(({ comment, resource }) => ({
    ...comment,
    name: resource.name,
  }));
}

const SKIP = '# checkov:skip=CKV_K8S_17:why';

/** A pod with something written into its metadata and below. */
const pod = (name: string, more = '', tail = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${more}spec:\n  hostPID: true${tail}\n`;

const list = (...items: string[]): string =>
  `apiVersion: v1\nkind: List\nitems:\n${items.map((item) => item.replace(/^/gm, '  ').replace(/^ {2}/, '- ')).join('\n')}`;

describe('a comment for another tool', () => {
  it.each<[string, string, string[]]>([
    ['before the object', `${SKIP}\n${pod('a')}`, ['a']],
    ['in the object', pod('a', `  ${SKIP}\n`), ['a']],
    ['behind the last value', pod('a', '', ` ${SKIP}`), ['a']],
    ['behind a key', pod('a', `  labels: ${SKIP}\n    x: y\n`), ['a']],
    ['behind the header of a block', pod('a', `  annotations:\n    x: | ${SKIP}\n      text\n`), ['a']],
    ['below a block, less indented', pod('a', `  annotations:\n    x: |\n      text\n  ${SKIP}\n`), ['a']],
    ['behind a quoted #', pod('a', `  annotations: {x: "a # b"} ${SKIP}\n`), ['a']],
    ['in braces', pod('a', `  labels: { ${SKIP}\n  }\n`), ['a']],
    ['with other words before it', pod('a', `  # NOTE: ${SKIP.slice(2)}\n`), ['a']],
    ['in a file with \\r\\n', `${SKIP}\n${pod('a')}`.replaceAll('\n', '\r\n'), ['a']],
    ['in the second document', `${pod('a')}---\n${SKIP}\n${pod('b')}`, ['b']],
    ['below the last object', `${pod('a')}${SKIP}\n`, []],
    ['between documents', `${pod('a')}${SKIP}\n---\n${pod('b')}`, []],
    ['before the document starts', `${SKIP}\n---\n${pod('a')}`, []],
    ['above an item of a list', list(pod('a'), pod('b')).replace(/\n- (?!.*\n- )/s, `\n${SKIP}\n- `), ['b']],
    [
      'above an item of a list, below a block',
      `${list(`${pod('a')}status:\n  x: |\n    text\n`)}${SKIP}\n- {apiVersion: v1, kind: Pod, metadata: {name: b}}`,
      ['b'],
    ],
    ['in the last line of an item', list(pod('a', '', ` ${SKIP}`), pod('b')), ['a']],
  ])('counts %s', (_name, text, names) => {
    expect(commentsIn(text).map(({ name }) => name)).toEqual(names);
  });

  it.each<[string, string]>([
    ['a literal block', `  annotations:\n    x: |\n      ${SKIP}\n`],
    ['a folded block, after an empty line', `  annotations:\n    x: >-\n      text\n\n      ${SKIP}\n`],
    ['a double quoted value', `  annotations: {x: "text ${SKIP}"}\n`],
    ['a double quoted value of several lines', `  annotations:\n    x: "text\n      ${SKIP}\n      more"\n`],
    ['a single quoted value', `  annotations: {x: 'it''s ${SKIP}'}\n`],
    ['a plain value, where no space is before the #', `  annotations: {x: text${SKIP.replace('# ', '#')}}\n`],
    ['a double quoted key', `  annotations: {"a\\"b ${SKIP}": x}\n`],
    ['a single quoted key', `  annotations: {'a''b ${SKIP}': x}\n`],
    ['a block key', `  annotations:\n    ? |\n      ${SKIP}\n    : x\n`],
    ['JSON', `  annotations: {"x":"# trivy:ignore:KSV-0010","y":"${SKIP}"}\n`],
  ])('is none in %s', (_name, more) => {
    expect(readDocuments(pod('a', more)).problems).toEqual([]);
    expect(commentsIn(pod('a', more))).toEqual([]);
  });

  it('is none in the metadata of a list either', () => {
    const text = list(pod('a')).replace('items:', `metadata:\n  x: |\n    ${SKIP}\nitems:`);

    expect(commentsIn(text)).toEqual([]);
  });

  it('is none in a JSON object, nor in the next one of the same line', () => {
    const object = (name: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        data: { x: `a ${SKIP} ${SKIP}` },
      });

    expect(commentsIn(`${object('a')} ${object('b')}`)).toEqual([]);
  });

  it.each<[string, object]>([
    [
      'checkov:skip=CKV_K8S_17',
      { names: ['checkov:CKV_K8S_17'], reason: 'Ignored for checkov, without a reason.' },
    ],
    ['checkov:skip= CKV_K8S_17: It watches. ', { names: ['checkov:CKV_K8S_17'], reason: 'It watches.' }],
    ['bridgecrew:skip=CKV_K8S_17,CKV_K8S_19:x', { names: ['checkov:CKV_K8S_17', 'checkov:CKV_K8S_19'] }],
    ['trivy:ignore:KSV-0010', { names: ['trivy:KSV-0010'], reason: 'Ignored for trivy, without a reason.' }],
    ['trivy:ignore:avd-ksv-0010 It watches.', { names: ['trivy:KSV-0010'], reason: 'It watches.' }],
    ['trivy:ignore:KSV010', { names: ['trivy:KSV-0010'] }],
    ['trivy:ignore:*', { names: ['trivy:*'] }],
    ['trivy:ignore:KSV-0010:exp:2027-01-01', { names: ['trivy:KSV-0010'], until: '2026-12-31' }],
  ])('reads %s', (comment, said) => {
    expect(commentsIn(`# ${comment}\n${pod('a')}`)).toMatchObject([said]);
    expect(commentsIn(`# ${comment}\n${pod('a')}`)[0]).not.toHaveProperty('problem');
  });

  it('reads several of one line', () => {
    expect(commentsIn(`#trivy:ignore:KSV-0010 why #trivy:ignore:KSV-0012\n${pod('a')}`)).toMatchObject([
      { names: ['trivy:KSV-0010'], reason: 'why' },
      { names: ['trivy:KSV-0012'] },
    ]);
  });

  it.each([
    ['trivy:ignore:KSV-0010:exp:2027-13-45', 'is not a day'],
    ['trivy:ignore:KSV-0010:exp:', 'is not a day'],
    ['trivy:ignore:KSV-0010:ws:dev', 'only exp:YYYY-MM-DD'],
    ['trivy:ignore:KSV-0010:exp:2027-01-01:ws:dev', 'only exp:YYYY-MM-DD'],
    ['trivy:ignore:KSV-0010[name=x]', 'brackets'],
  ])('says why %s accepts nothing', (comment, why) => {
    expect(commentsIn(`# ${comment}\n${pod('a')}`)).toMatchObject([
      { names: ['trivy:KSV-0010'], problem: expect.stringContaining(why) as string },
    ]);
  });

  it('takes linear time, wherever many stand', () => {
    const many = 20_000;
    const texts = [
      `${`${SKIP}\n`.repeat(many)}${pod('a')}`,
      `# ${'trivy:ignore:KSV-0010 '.repeat(many)}\n${pod('a')}`,
      pod('a', `  annotations:\n    x: |\n${'      trivy:ignore:KSV-0010\n'.repeat(many)}`),
      `${pod('a')}---\n`.repeat(many / 10).replaceAll('true', `true ${SKIP}`),
    ];

    const before = performance.now();
    const counts = texts.map((text) => commentsIn(text).length);

    expect(counts).toEqual([many, many, 0, many / 10]);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
