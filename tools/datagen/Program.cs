using System.CommandLine;
using GpuDiag.DataGen;

var rows = new Option<long>("--rows") { Description = "Number of rows.", DefaultValueFactory = _ => 1_000_000 };
var classes = new Option<int>("--classes") { Description = "Number of classes.", DefaultValueFactory = _ => 100 };
var segments = new Option<int>("--segments") { Description = "Number of distinct segment values.", DefaultValueFactory = _ => 50 };
var shape = new Option<Shape>("--shape") { Description = "How labels, segments and nulls are distributed.", DefaultValueFactory = _ => Shape.Uniform };
var codec = new Option<string>("--codec") { Description = "Parquet compression.", DefaultValueFactory = _ => "snappy" };
codec.AcceptOnlyFromAmong("snappy", "zstd", "uncompressed");
var rowGroup = new Option<int>("--row-group") { Description = "Rows per row group.", DefaultValueFactory = _ => 122_880 };
var seed = new Option<int>("--seed") { Description = "Same seed, same rows.", DefaultValueFactory = _ => 1 };
var output = new Option<FileInfo>("--out") { Description = "File to write.", Required = true };

var predictions = new Command("predictions", "label, pred, confidence and one string segment (weather)")
    { rows, classes, segments, shape, codec, rowGroup, seed, output };
predictions.SetAction(parsed =>
{
    var table = new PredictionTable(
        parsed.GetValue(rows), parsed.GetValue(classes), parsed.GetValue(segments), parsed.GetValue(shape), parsed.GetValue(seed));
    ParquetFile.Write(table.Sql, parsed.GetRequiredValue(output), parsed.GetRequiredValue(codec), parsed.GetValue(rowGroup));
});

var probabilities = new Command("probabilities", "label, pred and a float list of class probabilities")
    { rows, classes, codec, rowGroup, seed, output };
probabilities.SetAction(parsed =>
{
    var table = new ProbabilityTable(parsed.GetValue(rows), parsed.GetValue(classes), parsed.GetValue(seed));
    ParquetFile.Write(table.Sql, parsed.GetRequiredValue(output), parsed.GetRequiredValue(codec), parsed.GetValue(rowGroup));
});

var pictureFiles = new Option<int>("--pictures") { Description = "Distinct picture files.", DefaultValueFactory = _ => 300 };
var pictures = new Command("pictures", "id, label, pred, confidence, weather, text, and image: paths of PNG files that are written beside") { rows, classes, pictureFiles, codec, rowGroup, seed, output };
pictures.SetAction(parsed =>
{
    var pictured = new PictureTable(parsed.GetValue(rows), parsed.GetValue(classes), parsed.GetValue(pictureFiles), parsed.GetValue(seed));
    ParquetFile.Write(pictured.Sql, parsed.GetRequiredValue(output), parsed.GetRequiredValue(codec), parsed.GetValue(rowGroup));
    pictured.WritePictures(new DirectoryInfo(Path.Combine(parsed.GetRequiredValue(output).DirectoryName!, "pictures")));
});

var table = new Option<string>("--table") { Description = "adult: 14 columns, 162 values; census: 68 columns, 378 values.", DefaultValueFactory = _ => "adult" };
table.AcceptOnlyFromAmong("adult", "census");
var categories = new Command("categories", "label, pred and many columns of few text values, for slices; CSV where the file is named so")
    { rows, table, codec, rowGroup, seed, output };
categories.SetAction(parsed =>
{
    var sizes = parsed.GetValue(table) == "adult" ? CategoryTable.Adult : CategoryTable.Census;
    var sql = new CategoryTable(parsed.GetValue(rows), sizes, parsed.GetValue(seed)).Sql;
    ParquetFile.Write(sql, parsed.GetRequiredValue(output), parsed.GetRequiredValue(codec), parsed.GetValue(rowGroup));
});

var valueColumns = new Option<int>("--columns") { Description = "Columns of few text values beside BEFORE.", DefaultValueFactory = _ => 4 };
var after = new Option<bool>("--after") { Description = "The model after, else that before." };
var shuffled = new Option<bool>("--shuffled") { Description = "Rows in an order of their own." };
var pairs = new Command("pairs", "id, label, pred, confidence of one of two models on the same rows, and columns of few text values")
    { rows, classes, valueColumns, after, shuffled, codec, rowGroup, seed, output };
pairs.SetAction(parsed =>
{
    var table = new PairTable(
        parsed.GetValue(rows), parsed.GetValue(classes), parsed.GetValue(valueColumns), parsed.GetValue(after), parsed.GetValue(shuffled), parsed.GetValue(seed));
    ParquetFile.Write(table.Sql, parsed.GetRequiredValue(output), parsed.GetRequiredValue(codec), parsed.GetValue(rowGroup));
});

var shift = new Option<double>("--shift") { Description = "How far some columns are moved.", DefaultValueFactory = _ => 0 };
var drift = new Command("drift", "twenty columns of numbers and text, to compare with the same of another seed and shift") { rows, shift, codec, rowGroup, seed, output };
drift.SetAction(parsed =>
{
    var sql = new DriftTable(parsed.GetValue(rows), parsed.GetValue(shift), parsed.GetValue(seed)).Sql;
    ParquetFile.Write(sql, parsed.GetRequiredValue(output), parsed.GetRequiredValue(codec), parsed.GetValue(rowGroup));
});

var source = new Argument<FileInfo>("parquet") { Description = "File with label, pred and probs." };
source.AcceptExistingOnly();
var columns = new Option<string[]>("--column") { Description = "A further column to keep; repeatable.", DefaultValueFactory = _ => [] };
var csv = new Command("csv", "predictions from Parquet as plain CSV, for peers without a Parquet reader") { source, columns, output };
csv.SetAction(parsed => ProbabilityCsv.Write(
    parsed.GetRequiredValue(source), parsed.GetRequiredValue(output), parsed.GetValue(columns) ?? []));

return new RootCommand("Writes benchmark data: the same rows for the same seed.") { predictions, probabilities, pictures, categories, pairs, drift, csv }
    .Parse(args).Invoke();
