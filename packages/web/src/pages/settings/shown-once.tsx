import { Button, Code, CopyButton, Text } from '@mantine/core';

/** What has to be passed on and cannot be asked for again, in full: nothing of it is cut or has to be scrolled to. */
export function ShownOnce({ hint, secret }: { readonly hint: string; readonly secret: string }) {
  return (
    <>
      <Text size="sm">{hint}</Text>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {secret}
      </Code>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy} style={{ alignSelf: 'flex-start' }}>
            {copied ? 'Copied' : 'Copy it'}
          </Button>
        )}
      </CopyButton>
    </>
  );
}
