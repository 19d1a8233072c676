import { findAttribute, isObject, isUnassigned, own } from '../schema/attribute.ts'
import type { Attribute, Json, JsonObject, ResourceType } from '../schema/attribute.ts'
import { knownUrn, resolveName } from '../schema/registry.ts'
import type { AttributeName, Target } from '../schema/registry.ts'
import { patchElements } from './elements.ts'
import { quote, ScimError } from './error.ts'
import { parseName } from './filter.ts'
import type { Operation } from './messages.ts'
import { asArray, clears, type Patching } from './patching.ts'
import { parsePath, type Path } from './path.ts'
import { settlePrimary } from './primary.ts'
import type { Tolerated } from './tolerances.ts'
import { cleanValue } from './values.ts'

/** The object that holds an attribute: the resource, or the extension in it, whatever the case of its URN. */
function containerOf({ resource }: Patching, extension: string | undefined): JsonObject {
  if (extension === undefined) return resource
  const wanted = extension.toLowerCase()
  const key = Object.keys(resource).find((known) => known.toLowerCase() === wanted) ?? extension
  const found = resource[key]
  if (isObject(found)) return found
  const created: JsonObject = {}
  resource[key] = created
  return created
}

/** Finds a target; undefined, with a note, for what is read-only or unknown and therefore left alone. */
function writableTarget(patching: Patching, name: AttributeName): Target | undefined {
  const { type, tolerated } = patching
  const target = resolveName(type, name)
  if (!target) {
    const secret = name.urn === undefined && name.name.toLowerCase() === 'password'
    const parent = name.sub === undefined ? undefined : resolveName(type, withoutSub(name))
    if (parent && !parent.attribute.open) {
      throw new ScimError('invalidPath', `${parent.attribute.name} has no ${name.sub ?? ''}.`)
    }
    tolerated(secret ? 'password-ignored' : 'unknown-attribute')
    return undefined
  }
  if (
    (target.sub ?? target.attribute).mutability === 'readOnly' ||
    target.attribute.mutability === 'readOnly'
  ) {
    tolerated('read-only-ignored')
    return undefined
  }
  if (target.attribute.open) tolerated('custom-extension')
  else if (target.extension !== undefined && name.urn === undefined) {
    tolerated('unprefixed-extension')
  }
  return target
}

function withoutSub(name: AttributeName): AttributeName {
  return { ...(name.urn === undefined ? {} : { urn: name.urn }), name: name.name }
}

function unassign(container: JsonObject, attribute: Attribute, op: Operation['op']): void {
  if (attribute.required) {
    const code = op === 'remove' ? 'mutability' : 'invalidValue'
    throw new ScimError(code, `${attribute.name} is required and cannot be removed.`)
  }
  delete container[attribute.name]
}

/** Whether an added element is one that is there: by value and type, or by value alone when it comes without a type. */
function sameElement(existing: Json, added: Json): boolean {
  if (isObject(existing) && isObject(added) && added['value'] !== undefined) {
    const sameType = added['type'] === undefined || existing['type'] === added['type']
    return sameType && existing['value'] === added['value']
  }
  return JSON.stringify(existing) === JSON.stringify(added)
}

/** Adds elements; one that is there already takes over what is given (P-34). */
function union(current: readonly Json[], added: readonly Json[]): Json[] {
  const result = [...current]
  for (const element of added) {
    const index = result.findIndex((existing) => sameElement(existing, element))
    const existing = result[index]
    if (existing === undefined) result.push(element)
    else if (isObject(existing) && isObject(element)) result[index] = { ...existing, ...element }
  }
  return result
}

/** remove with a value list: only those elements go (W-08). */
function removeListed(container: JsonObject, attribute: Attribute, listed: Json[]): void {
  const valueOf = (element: Json) => (isObject(element) ? element['value'] : element) ?? element
  const gone = (element: Json) => listed.some((given) => valueOf(given) === valueOf(element))
  const rest = asArray(own(container, attribute.name)).filter((element) => !gone(element))
  if (rest.length === 0) unassign(container, attribute, 'remove')
  else container[attribute.name] = rest
}

function setSub(container: JsonObject, target: Target, sub: Attribute, value: Json): void {
  const { attribute } = target
  const holder = own(container, attribute.name)
  container[attribute.name] = { ...(isObject(holder) ? holder : {}), [sub.name]: value }
}

function removeSub(container: JsonObject, attribute: Attribute, sub: Attribute): void {
  const holder = own(container, attribute.name)
  if (!isObject(holder)) return
  const { [sub.name]: _, ...rest } = holder
  if (isUnassigned(rest)) delete container[attribute.name]
  else container[attribute.name] = rest
}

function patchSub(patching: Patching, operation: Operation, target: Target, sub: Attribute): void {
  const { attribute } = target
  if (attribute.multiValued) {
    throw new ScimError(
      'invalidPath',
      `${attribute.name} has several values; select one, as in ${attribute.name}[type eq "work"].${sub.name}.`,
    )
  }
  const container = containerOf(patching, target.extension)
  if (operation.op === 'remove' || clears(operation.value, patching.tolerated)) {
    if (attribute.name === 'manager') delete container[attribute.name]
    else removeSub(container, attribute, sub)
    return
  }
  const value = cleanValue(sub, operation.value ?? null, patching.tolerated)
  if (value !== undefined) setSub(container, target, sub, value)
}

function patchAttribute(patching: Patching, operation: Operation, target: Target): void {
  const { attribute } = target
  const { tolerated } = patching
  const container = containerOf(patching, target.extension)
  const current = own(container, attribute.name)
  if (operation.op === 'remove') {
    const listed = attribute.multiValued && operation.value !== '' ? operation.value : undefined
    if (listed === undefined || listed === null) return unassign(container, attribute, 'remove')
    tolerated('remove-listed-values')
    const cleaned = cleanValue(attribute, asArray(listed), tolerated)
    return removeListed(container, attribute, asArray(cleaned))
  }
  if (clears(operation.value, tolerated)) {
    if (operation.op === 'replace' || operation.value === '')
      unassign(container, attribute, operation.op)
    return
  }
  const given = operation.value ?? null
  const list = attribute.multiValued && !Array.isArray(given) ? [given] : given
  const value = cleanValue(attribute, list, tolerated)
  if (value === undefined) {
    if (operation.op === 'replace' || !attribute.multiValued) {
      unassign(container, attribute, operation.op)
    }
    return
  }
  if (attribute.multiValued) {
    const next = operation.op === 'add' ? union(asArray(current), asArray(value)) : asArray(value)
    container[attribute.name] = settlePrimary(attribute, asArray(current), next)
  } else if (isObject(value) && isObject(current) && attribute.name !== 'manager') {
    container[attribute.name] = { ...current, ...value }
  } else container[attribute.name] = value
}

/** The value of an extension: each member is an operation of its own, on an attribute of the extension. */
function patchExtension(patching: Patching, operation: Operation, urn: string): void {
  const { op, value } = operation
  if (!isObject(value)) {
    throw new ScimError('invalidValue', `The value of ${quote(urn)} must be an object.`)
  }
  for (const [key, inner] of Object.entries(value)) {
    const name = parseName(`${urn}:${key}`)
    if (name) applyAt(patching, { op, value: inner }, { kind: 'attribute', name })
    else patching.tolerated('unknown-attribute')
  }
}

/** A path-less value: each member is an operation of its own (RFC 7644 §3.5.2.1). */
function patchMembers(patching: Patching, { op, value }: Operation): void {
  if (!isObject(value)) {
    throw new ScimError('invalidValue', 'Without a path, value must be an object.')
  }
  for (const [key, inner] of Object.entries(value)) applyKey(patching, op, key, inner)
}

/** Applies one member of a body or of a path-less value, whose key may be a path (W-12). */
export function applyKey(patching: Patching, op: Operation['op'], key: string, value: Json): void {
  const { type, tolerated } = patching
  const operation = { op, value }
  const plain = findAttribute(type.schema.attributes, key)
  if (plain) {
    applyAt(patching, operation, { kind: 'attribute', name: { name: plain.name } })
  } else if (/^urn:/i.test(key) && knownUrn(type, key) === undefined && isObject(value)) {
    patchExtension(patching, operation, key)
  } else if (!key.includes('[') && !parseName(key)) {
    tolerated('unknown-attribute')
  } else {
    const path = parsePath(type, key, tolerated)
    if (path.kind === 'element' || (path.kind === 'attribute' && isCompound(path.name))) {
      tolerated('flat-key')
    }
    applyAt(patching, operation, path)
  }
}

function isCompound(name: AttributeName): boolean {
  return name.urn !== undefined || name.sub !== undefined
}

function applyAt(patching: Patching, operation: Operation, path: Path): void {
  if (path.kind === 'extension') {
    if (operation.op === 'remove' || isUnassigned(operation.value)) {
      delete patching.resource[path.urn]
    } else patchExtension(patching, operation, path.urn)
    return
  }
  const urn = path.kind === 'attribute' ? customUrn(patching, operation, path.name) : undefined
  if (urn !== undefined) {
    applyAt(patching, operation, { kind: 'extension', urn })
    return
  }
  const target = writableTarget(patching, path.name)
  if (!target) return
  if (path.kind === 'element') {
    patchElements(patching, operation, target, path, containerOf(patching, target.extension))
  } else if (target.sub) patchSub(patching, operation, target, target.sub)
  else patchAttribute(patching, operation, target)
}

/** The URN that a name really is: `urn:…:contoso:2.0:User` reads like the attribute User of `urn:…:contoso:2.0`. */
function customUrn(
  { type, resource }: Patching,
  { value }: Operation,
  { urn, name, sub }: AttributeName,
): string | undefined {
  if (urn === undefined || sub !== undefined || knownUrn(type, urn) !== undefined) return undefined
  const whole = `${urn}:${name}`
  const held = Object.keys(resource).find((key) => key.toLowerCase() === whole.toLowerCase())
  return held ?? (isObject(value) && /:\d+\.\d+$/.test(urn) ? whole : undefined)
}

function dropEmptyExtensions(resource: JsonObject): void {
  for (const [key, value] of Object.entries(resource)) {
    if (key.includes(':') && isUnassigned(value)) delete resource[key]
  }
}

/**
 * Applies the operations in order to a copy of the resource and returns it (RFC 7644 §3.5.2). Pure: it may run again
 * on a newer state. Throws `invalidPath`, `invalidValue`, `noTarget`, `invalidFilter`; then nothing has changed.
 */
export function applyPatch(
  type: ResourceType,
  current: JsonObject,
  operations: readonly Operation[],
  tolerated: Tolerated,
): JsonObject {
  const patching: Patching = { type, resource: structuredClone(current), tolerated }
  for (const operation of operations) {
    if (operation.path !== undefined) {
      applyAt(patching, operation, parsePath(type, operation.path, tolerated))
    } else if (operation.op === 'remove') {
      throw new ScimError('noTarget', 'remove needs a path.')
    } else patchMembers(patching, operation)
  }
  dropEmptyExtensions(patching.resource)
  return patching.resource
}
