/** Patterns of names and paths in a policy. */
import { matchesGlob, matchesPath } from '../../../src/core/selection/glob.ts'
import { table } from '../../helpers/table.ts'

table<string, string, boolean>('a pattern matches a whole name', matchesGlob, [
  ['web', 'web', true],
  ['web', 'webs', false],
  ['web', 'we', false],
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', '.a/b', true, 'a leading dot and / are like other characters'],
  ['web-*', 'web-1', true],
  ['web-*', 'web-', true],
  ['web-*', 'web', false],
  ['*-db', 'shop-db', true],
  ['*-db', 'shop-dbs', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a?', 'a\u{1F600}', true, '? stands for a whole character'],
  ['[ab]', 'a', false, 'there are no classes'],
  ['[ab]', '[ab]', true],
])

table<string, string, boolean>('a pattern matches a path, or a folder on the way to it', matchesPath, [
  ['vendor', 'vendor', true],
  ['vendor', 'vendor/a/b.yaml', true],
  ['vendor', 'apps/vendor', false],
  ['vendor', 'vendors/a.yaml', false],
  ['apps/*/web.yaml', 'apps/shop/web.yaml', true],
  ['apps/*/web.yaml', 'apps/shop/eu/web.yaml', false, '* stays within a name'],
  ['apps/**/web.yaml', 'apps/shop/eu/web.yaml', true],
  ['apps/**/web.yaml', 'apps/web.yaml', true, '** stands for no folder, too'],
  ['apps/**/web.yaml', 'apps/shop/webs.yaml', false],
  ['**/web.yaml', 'web.yaml', true],
  ['./apps//a.yaml', 'apps/a.yaml', true],
  ['apps/a.yaml', './apps//a.yaml', true],
  ['*.yaml', '.a.yaml', true],
  ['', 'a.yaml', false, 'a pattern without a name matches nothing'],
  ['.', 'a.yaml', false],
])
