import { Text, Title } from '@mantine/core';

/** The heading of a list, and how many there are in it. */
export function Heading({
  title,
  total,
  isKnown = true,
}: {
  readonly title: string;
  /** Null where they are too many to be counted. */
  readonly total: number | null;
  /** Whether the list has been answered. */
  readonly isKnown?: boolean;
}) {
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'baseline', lineHeight: '36px' }}>
      <Title order={1} lh="36px">
        {title}
      </Title>
      <Text className="quiet number" style={{ whiteSpace: 'nowrap' }}>
        {isKnown ? (total?.toLocaleString('en') ?? 'more than 10,000') : ''}
      </Text>
    </div>
  );
}
