using GpuDiag.Columns;

namespace GpuDiag.Analyses.Drift;

/// <summary>How a column is read for the comparison.</summary>
internal enum DriftForm
{
    Numbers,
    Codes,
    Text,
    Vectors,

    /// <summary>The greatest of a list of numbers: the confidence that probabilities give.</summary>
    Greatest,
}

/// <summary>One column that the reference has to compare.</summary>
/// <param name="Name">As the reference has it.</param>
/// <param name="Kind">What it is; whole numbers are <see cref="DriftKind.Numeric"/> until both sides are known to have few values.</param>
/// <param name="Form">How it is read.</param>
/// <param name="Whole">Whole numbers, which are compared by value where there are few.</param>
internal sealed record DriftColumn(string Name, DriftKind Kind, DriftForm Form, bool Whole)
{
    /// <summary>As results name it.</summary>
    public string Shown => Form == DriftForm.Greatest ? $"max({Name})" : Name;

    /// <summary>Can a column of this type be read so? Integers, floats and decimals are all numbers; classes may be any of them.</summary>
    public bool Takes(FieldType type) => (Form, Kind) switch
    {
        (DriftForm.Numbers, _) => type is FieldType.Integer or FieldType.Float32 or FieldType.Float64 or FieldType.Decimal,
        (DriftForm.Vectors or DriftForm.Greatest, _) => type is FieldType.Float32List or FieldType.Float64List,
        (DriftForm.Text, _) => type is FieldType.String,
        (_, DriftKind.Label or DriftKind.Prediction) => FormRules.Allows(type, ColumnForm.Codes) || type is FieldType.Float32 or FieldType.Float64,
        _ => FormRules.Allows(type, ColumnForm.Codes),
    };

    public void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write((byte)Kind);
        writer.Write((byte)Form);
        writer.Write(Whole);
    }

    public static DriftColumn Read(BinaryReader reader)
    {
        DriftColumn column = new(reader.ReadString(), (DriftKind)reader.ReadByte(), (DriftForm)reader.ReadByte(), reader.ReadBoolean());
        return Enum.IsDefined(column.Kind) && Enum.IsDefined(column.Form) ? column : throw new InvalidDataException("a column is of no known kind");
    }
}

/// <summary>A column that is not compared.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record NotCompared(string Column, string Reason);
