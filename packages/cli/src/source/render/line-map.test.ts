import { describe, expect, it } from 'vitest';
import { mapLines } from './line-map.ts';

const TEMPLATE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      {{- if .Values.hostPID }}
      hostPID: true
      {{- end }}
      containers:
        {{- range .Values.containers }}
        - name: {{ .name }}
          image: {{ .image }}
        {{- end }}
`;
const RENDERED = `# Source: chart/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: release
spec:
  template:
    spec:
      hostPID: true
      containers:
        - name: one
          image: a
        - name: two
          image: b
`;

describe('mapLines', () => {
  it('leads every rendered line back to the line of the template that made it, loops included', () => {
    expect([...mapLines(RENDERED, TEMPLATE)].slice(1, 14)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 13, 14,
    ]);
  });

  it('stays in the part of the file that can have made it', () => {
    const twoDocuments = `a: 1\nname: x\n---\na: 2\nname: y\n`;

    expect([...mapLines('a: 2\nname: prefix-y\n', twoDocuments, { from: 2, to: 5 })].slice(0, 2)).toEqual([
      4, 5,
    ]);
  });
});
