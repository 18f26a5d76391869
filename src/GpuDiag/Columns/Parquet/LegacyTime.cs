namespace GpuDiag.Columns.Parquet;

/// <summary>The deprecated int96 timestamp of Impala, Hive and old Spark: nanoseconds of the day and a Julian day.</summary>
internal static class LegacyTime
{
    private const long JulianDayOfEpoch = 2_440_588;
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>Microseconds since 1970.</summary>
    /// <exception cref="InputException">The time is finer than a microsecond or outside of its day.</exception>
    internal static long Micros(long nanosOfDay, int julianDay)
    {
        if (nanosOfDay is < 0 or >= 1000 * MicrosPerDay || nanosOfDay % 1000 != 0)
        {
            throw new InputException(
                "an int96 timestamp is finer than a microsecond or outside of its day", remedy: "Write the column as an int64 timestamp.");
        }

        return ((julianDay - JulianDayOfEpoch) * MicrosPerDay) + (nanosOfDay / 1000);
    }

    /// <summary>Microseconds since 1970, from a reader that gives 100-nanosecond ticks.</summary>
    internal static long Micros(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
