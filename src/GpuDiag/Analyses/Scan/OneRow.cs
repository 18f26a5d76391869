using System.Globalization;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>What the data itself says of one row: where it is, and its class probabilities.</summary>
/// <param name="Row">0-based position in the dataset.</param>
/// <param name="Probabilities">In the order of the classes; empty without probabilities.</param>
public sealed record OneRow(long Row, IReadOnlyList<double> Probabilities)
{
    private const int BatchRows = 1 << 12;

    /// <summary>Reads the row from its chunk.</summary>
    /// <param name="options">Which data, and which columns.</param>
    /// <param name="name">An id; <c>#17</c>, or without a column of ids 17, is the row of that number.</param>
    /// <exception cref="InputException">There is no such row, or several.</exception>
    public static OneRow Read(ScanOptions options, string name, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        using Dataset data = DatasetOpening.Open(options, null);
        Roles roles = new RoleResolver(data.Fields, DatasetOpening.ColumnOptions(options), data.Files[0].Path).Resolve();
        long row = Find(data, roles.Id, name, cancel);
        return new OneRow(row, roles.Probs.Count == 0 ? [] : ReadProbabilities(data, roles, row));
    }

    private static long Find(Dataset data, Field? id, string name, CancellationToken cancel)
    {
        string number = name.StartsWith('#') ? name[1..] : name;
        if (id is null || name.StartsWith('#'))
        {
            return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long row) && row < data.Rows
                ? row
                : throw new InputException(
                    $"there is no row {number}: the data has {data.Rows} rows", data.Files[0].Path, null, id is null ? "Give a row number from 0 on; the data has no column of ids." : "Give an id, or # and a row number from 0 on.");
        }

        List<long> found = [];
        ColumnRequest[] request = [new ColumnRequest(id.Name, ColumnForm.Text)];
        using Batch batch = new(request, BatchRows);
        using DatasetReader reader = data.Open(request);
        for (int chunk = 0; chunk < data.Chunks.Count && found.Count < 2; chunk++)
        {
            cancel.ThrowIfCancellationRequested();
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                string?[] ids = ((TextColumn)batch.Columns[0]).Values;
                for (int i = 0; i < batch.Rows; i++)
                {
                    if (ids[i] == name)
                    {
                        found.Add(batch.FirstRow + i);
                    }
                }
            }
        }

        return found.Count switch
        {
            1 => found[0],
            0 => throw new InputException($"no row has the id '{name}'", data.Files[0].Path, id.Name, "Give an id as the data has it, or # and a row number, such as --row '#17'."),
            _ => throw new InputException(
                $"several rows have the id '{name}', such as rows {found[0]} and {found[1]}", data.Files[0].Path, id.Name, $"Give the row by its number: --row '#{found[0]}'."),
        };
    }

    private static double[] ReadProbabilities(Dataset data, Roles roles, long row)
    {
        ScanColumns columns = new(roles with { Segments = [] }, new Domain("class"), [], 0);
        ScanPass pass = new(columns, Needs.Probabilities);
        using Batch batch = new(pass.Requests, BatchRows);
        using DatasetReader reader = data.Open(pass.Requests);
        using ScanStages stages = pass.Stages(BatchRows);
        int chunk = Enumerable.Range(0, data.Chunks.Count).First(c => row < data.Chunks[c].FirstRow + data.Chunks[c].Rows);
        reader.Start(chunk);
        while (reader.Read(batch) > 0 && row >= batch.FirstRow + batch.Rows)
        {
        }

        MatrixColumn matrix = stages.Probabilities!.Take(batch, 0);
        int at = (int)(row - batch.FirstRow) * matrix.Width;
        return [.. Enumerable.Range(at, matrix.Width).Select(i => matrix.IsDouble ? matrix.Doubles(batch.Rows)[i] : matrix.Floats(batch.Rows)[i])];
    }
}
