using System.Globalization;
using System.Numerics;
using System.Text;

namespace GpuDiag.Columns;

/// <summary>
/// The one text of a value, whatever its storage: a date is the same text from int32 and from an Arrow date64, a
/// decimal from int64 and from bytes. Domains and shown rows both use it, so equal values stay equal.
/// </summary>
internal static class ValueText
{
    /// <summary>Decimals lose trailing zeros: 3.00 is "3", so that it equals the integer; 2.50 is "2.5".</summary>
    internal static string Decimal(BigInteger unscaled, int scale)
    {
        if (scale <= 0)
        {
            return (unscaled * BigInteger.Pow(10, -scale)).ToString(CultureInfo.InvariantCulture);
        }

        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        string fraction = digits[^scale..].TrimEnd('0');
        string text = fraction.Length == 0 ? digits[..^scale] : $"{digits[..^scale]}.{fraction}";
        return unscaled.Sign < 0 ? "-" + text : text;
    }

    /// <summary>A decimal as the nearest double.</summary>
    internal static double DecimalNumber(BigInteger unscaled, int scale) =>
        double.Parse(Decimal(unscaled, scale), CultureInfo.InvariantCulture);

    /// <summary>A decimal as the nearest double: up to 2⁵³ and 10²² both parts are exact, so the quotient is correctly rounded.</summary>
    internal static double DecimalNumber(long unscaled, int scale) =>
        Math.Abs((double)unscaled) <= 1L << 53 && scale is >= 0 and <= 22
            ? unscaled / Math.Pow(10, scale)
            : DecimalNumber((BigInteger)unscaled, scale);

    /// <summary>Big-endian two's complement, as Parquet stores decimals in bytes.</summary>
    internal static BigInteger BigEndian(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: false, isBigEndian: true);

    /// <summary>ISO 8601 date of a count of days since 1970-01-01, beyond the years of DateTime too.</summary>
    internal static string Date(long days)
    {
        (long year, int month, int day) = Civil(days);
        return string.Create(CultureInfo.InvariantCulture, $"{Year(year)}-{month:00}-{day:00}");
    }

    /// <summary>
    /// ISO 8601 time of a count of units since 1970-01-01T00:00, with as many fraction digits (0, 3, 6 or 9) as the
    /// value needs, so that milliseconds and nanoseconds of one instant read alike; "Z" when the count is UTC.
    /// </summary>
    /// <param name="unitsPerSecond">1, 1,000, 1,000,000 or 1,000,000,000.</param>
    internal static string Timestamp(long value, long unitsPerSecond, bool utc)
    {
        (long seconds, long rest) = FloorDivide(value, unitsPerSecond);
        (long days, long second) = FloorDivide(seconds, 86400);
        long nanos = rest * (1_000_000_000 / unitsPerSecond);
        string fraction = nanos == 0 ? ""
            : nanos % 1_000_000 == 0 ? $".{nanos / 1_000_000:000}"
            : nanos % 1000 == 0 ? $".{nanos / 1000:000000}"
            : $".{nanos:000000000}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Date(days)}T{second / 3600:00}:{second / 60 % 60:00}:{second % 60:00}{fraction}{(utc ? "Z" : "")}");
    }

    internal static string Uuid(ReadOnlySpan<byte> bytes) => new Guid(bytes, bigEndian: true).ToString();

    internal static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    internal static string Utf8(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Year(long year) => year is >= 0 and <= 9999
        ? year.ToString("0000", CultureInfo.InvariantCulture)
        : year.ToString("+000000;-000000", CultureInfo.InvariantCulture);

    private static (long Quotient, long Remainder) FloorDivide(long value, long by)
    {
        (long quotient, long remainder) = Math.DivRem(value, by);
        return remainder < 0 ? (quotient - 1, remainder + by) : (quotient, remainder);
    }

    /// <summary>Days to the proleptic Gregorian calendar, by 400-year eras that start on 1 March.</summary>
    private static (long Year, int Month, int Day) Civil(long days)
    {
        const int DaysPerEra = 146_097;
        const int DaysFromMarchOfYearZero = 719_468;
        (long era, long dayOfEra) = FloorDivide(days + DaysFromMarchOfYearZero, DaysPerEra);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long month = ((5 * dayOfYear) + 2) / 153;
        int day = (int)(dayOfYear - (((153 * month) + 2) / 5) + 1);
        int calendarMonth = (int)(month < 10 ? month + 3 : month - 9);
        return (yearOfEra + (era * 400) + (calendarMonth <= 2 ? 1 : 0), calendarMonth, day);
    }
}
