import { describe, expect, it } from 'vitest'
import { formatRetargets, isScalarText, parseRetargets, type RetargetRecord } from '../../../src/core/services/retarget-record.ts'

const RECORD: RetargetRecord = {
  ports: new Map([
    ['80/TCP', { text: '"http"', from: 'http', to: 'gate', by: ['gate'], of: ['Deployment/web'] }],
    ['53/UDP', { text: undefined, from: undefined, to: 9090, by: ['gate', 'wall'], of: ['Deployment/web', 'Pod/a'] }],
    ['81/TCP', { text: '', from: null, to: 9090, by: ['gate'], of: ['Deployment/web'] }],
  ]),
  created: true,
  was: new Map([['metadata.annotations', ' ~']]),
}

describe('the record of a Service', () => {
  it('is read as it was written', () => {
    expect(parseRetargets(formatRetargets(RECORD))).toEqual(RECORD)
  })

  it('leaves out what is empty', () => {
    const ports = new Map([['80/TCP', { text: undefined, from: undefined, to: 9090, by: ['gate'], of: ['Pod/a'] }]])
    expect(formatRetargets({ ports, created: false, was: new Map() })).toBe('{"ports":{"80/TCP":{"to":9090,"by":["gate"],"of":["Pod/a"]}}}')
  })

  const port = '"80/TCP":{"was":"8080","from":8080,"to":9090,"by":["gate"],"of":["Pod/a"]}'
  it.each([
    ['no text', 5],
    ['no JSON', 'yes'],
    ['a list', '[]'],
    ['no ports', '{"ports":{}}'],
    ['ports in a list', '{"ports":[]}'],
    ['a strange port', `{"ports":{${port.replace('80/TCP', 'eighty')}}}`],
    ['no target', '{"ports":{"80/TCP":{"was":"1","from":1,"by":[],"of":[]}}}'],
    ['a text without a meaning', `{"ports":{${port.replace('"from":8080,', '')}}}`],
    ['a text of another meaning', `{"ports":{${port.replace('"was":"8080"', '"was":"9090"')}}}`],
    ['a text of another type', `{"ports":{${port.replace('"was":"8080"', '"was":"\\"8080\\""')}}}`],
    ['a text that cannot be read', `{"ports":{${port.replace('"was":"8080","from":8080', '"was":"\\"\\\\q\\"","from":null')}}}`],
    ['sidecars in no list', `{"ports":{${port.replace('["gate"]', '"gate"')}}}`],
    ['a text over two lines', `{"ports":{${port.replace('"8080"', '"8080\\n  evil: yes"')}}}`],
    ['another field that was made', `{"ports":{${port}},"new":["spec.ports"]}`],
    ['another field that gave way', `{"ports":{${port}},"was":{"spec":" 1"}}`],
    ['a text that is no map', `{"ports":{${port}},"was":{"metadata.annotations":" {a: b}"}}`],
  ])('is refused: %s', (_, value) => {
    expect(parseRetargets(value)).toBeUndefined()
    expect(parseRetargets(`{"ports":{${port}}}`)).toBeDefined()
  })

  it.each(['8080', '0x1F90', 'http', '"http"', "'http'", '"ht\\x74p"', '~', '', '&port 8080', '*port', '!!int 8080', '! http'])('can hold %s', (text) => {
    expect(isScalarText(text)).toBe(true)
  })

  it.each(['80 # a', '{a: 1}', '[1]', 'a: b', '|-\n  a', '"a\nb"', '- a', 'a, b', '8080}', '80\n'])('cannot hold %j', (text) => {
    expect(isScalarText(text)).toBe(false)
  })
})
