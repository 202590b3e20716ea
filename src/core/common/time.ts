/**
 * Whether numbers are a time to Go's `time.Parse`: year, month, day, hour, minute, second, and hour and minute of the
 * offset. The offset may be 24 hours and 60 minutes (Go 1.20 and later).
 */
export function isTime(parts: readonly number[]): boolean {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = parts
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    offsetHour <= 24 &&
    offsetMinute <= 60
  )
}

function daysOf(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] as number
}
