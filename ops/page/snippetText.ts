// How programs follow a subscription, ready to be copied: curl, Python and TypeScript.

export interface Snippet {
  readonly language: string
  readonly code: string
}

/** @param base address of the server, such as `http://127.0.0.1:8480`; @param eventsUrl as the server answers it, with or without the address */
export function snippetsOf(base: string, eventsUrl: string): readonly Snippet[] {
  const url = new URL(eventsUrl, base).href
  return [
    { language: 'curl', code: `curl -N '${url}?from=earliest'` },
    {
      language: 'Python',
      code: `import json, requests

with requests.get("${url}", params={"from": "earliest"}, stream=True) as answer:
    answer.raise_for_status()
    kind = None
    for line in answer.iter_lines(decode_unicode=True):
        if line.startswith("event: "):
            kind = line[7:]
        elif line.startswith("data: "):
            event = json.loads(line[6:])
            print(kind, event["starId"])`,
    },
    {
      language: 'TypeScript',
      code: `const source = new EventSource('${url}?from=earliest')
for (const kind of ['entered', 'updated', 'left']) {
  source.addEventListener(kind, event => console.log(kind, JSON.parse(event.data).starId))
}`,
    },
  ]
}
