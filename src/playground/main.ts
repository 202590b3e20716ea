import { DATA } from './data.ts'
import { byId } from './dom.ts'
import { remove, TEMPLATES, VERSION, work, type Answer, type Choice } from './engine.ts'
import { SidecarForm } from './form.ts'
import { fromHash, toHash } from './share.ts'
import { openTabs } from './tabs.ts'
import { openThemes } from './themes.ts'
import { showDiff, showFindings, showGutter, showPicture, showResult, showValidation } from './views.ts'

const manifest = byId<HTMLTextAreaElement>('manifest')
const gutter = byId('gutter')
const mode = byId<HTMLSelectElement>('mode')
const retarget = byId<HTMLInputElement>('retarget')
const form = new SidecarForm(TEMPLATES, () => {
  void update()
})
const tabs = openTabs(showTab)
let last: Answer | undefined
/** Counts updates: of two at the same time only the later one is shown. */
let current = 0

function readChoice(): Choice {
  const { value } = mode
  return {
    ...form.read(),
    mode: value === 'native' || value === 'classic' ? value : 'auto',
    retargetServices: retarget.checked,
  }
}

function say(text: string): void {
  byId('status').textContent = text
}

/** Shows what the core says of the manifest now. */
async function update(): Promise<void> {
  const begun = performance.now()
  const own = ++current
  let answer: Answer
  try {
    answer = await work(manifest.value, readChoice())
  } catch (error) {
    say(`internal error: ${error instanceof Error ? error.message : String(error)}. This is a bug in sidecarctl.`)
    return
  }
  if (own !== current) return
  last = answer
  showGutter(manifest.value.split('\n').length, answer.findings)
  showFindings(answer.findings, goToLine)
  showTab(tabs.selected())
  say(summaryOf(answer))
  const { dataset } = document.body
  dataset['updates'] = String(own)
  dataset['milliseconds'] = (performance.now() - begun).toFixed(1)
}

function summaryOf({ findings, hasErrors, output, file }: Answer): string {
  const count = (severity: string): number => findings.filter((found) => found.severity === severity).length
  const [errors, warnings] = [count('error'), count('warning')]
  const found = `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`
  if (hasErrors) return `No result: ${found}. The manifest is shown unchanged.`
  if (output === file.source.text) return `Nothing to change. ${found}.`
  const added = output.split('\n').length - file.source.text.split('\n').length
  return `${added} line${added === 1 ? '' : 's'} added. ${found}.`
}

/** Only the view that can be seen is made. */
function showTab(name: string): void {
  if (last === undefined) return
  if (name === 'result') showResult(last)
  else if (name === 'diff') showDiff(last)
  else if (name === 'picture') showPicture(last.graphs())
  else void showValidation(last, VERSION)
}

/** Moves the cursor to the start of a 1-based line. */
function goToLine(line: number): void {
  const lines = manifest.value.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  manifest.focus()
  manifest.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
  const height = manifest.scrollHeight / lines.length
  manifest.scrollTop = Math.max(0, (line - 4) * height)
}

function setManifest(text: string): void {
  manifest.value = text
  void update()
}

function whenClicked(id: string, act: () => Promise<void> | void): void {
  byId(id).addEventListener('click', () => {
    void act()
  })
}

manifest.addEventListener('input', () => {
  void update()
})
manifest.addEventListener('scroll', () => {
  gutter.scrollTop = manifest.scrollTop
})
mode.addEventListener('input', () => {
  void update()
})
retarget.addEventListener('input', () => {
  void update()
})
whenClicked('take', () => {
  if (last !== undefined) setManifest(last.output)
})
whenClicked('remove', async () => {
  const { output, findings } = await remove(manifest.value)
  if (output === undefined) {
    say(`Not removed: ${findings.find(({ severity }) => severity === 'error')?.message ?? ''}`)
    return
  }
  form.write({ sidecars: [], values: new Map() })
  setManifest(output)
})
whenClicked('copy', async () => {
  if (last === undefined) return
  try {
    await navigator.clipboard.writeText(last.output)
    say('Copied.')
  } catch {
    say('The browser does not allow copying here. Select the result and copy it.')
  }
})
whenClicked('share', async () => {
  const hash = await toHash({ text: manifest.value, choice: readChoice() })
  history.replaceState(null, '', hash)
  const link = byId<HTMLInputElement>('link')
  link.value = location.href
  byId('link-row').hidden = false
  link.focus()
  link.select()
  say('The link holds the manifest. Share it only with those who may read the manifest.')
})
openThemes(() => {
  showTab(tabs.selected())
})

async function start(): Promise<void> {
  const shared = await fromHash(location.hash)
  form.write(shared?.choice ?? { sidecars: ['logging'], values: new Map() })
  mode.value = shared?.choice.mode ?? 'auto'
  retarget.checked = shared?.choice.retargetServices ?? false
  setManifest(shared?.text ?? DATA.sample)
}

window.addEventListener('hashchange', () => {
  void start()
})
void start()
