// Where the events of subscriptions are. Logs have a fixed table of topics, so there are a few, and subscriptions take
// turns: as long as there are no more subscriptions than topics, each has one of its own.
const EVENT_TOPICS = 16

export const eventTopics: readonly string[] = Array.from(
  { length: EVENT_TOPICS },
  (_, i) => `subscription-events.${String(i).padStart(2, '0')}`,
)
