namespace GpuDiag.Reports.Tables;

/// <summary>parquet.thrift's Type, as far as tables have them.</summary>
internal enum TableType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Double = 5,
    Text = 6,
}

/// <summary>A column as the schema names it.</summary>
internal sealed record TableField(string Name, TableType Type, bool Optional);
