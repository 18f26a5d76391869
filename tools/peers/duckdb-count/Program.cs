using System.CommandLine;
using GpuDiag.DuckDbCount;

var file = new Argument<FileInfo>("file") { Description = "Parquet file with label, pred, confidence and the segment column." };
file.AcceptExistingOnly();
var segment = new Option<string>("--segment") { Description = "Segment column.", DefaultValueFactory = _ => "weather" };
var threads = new Option<int>("--threads") { Description = "DuckDB threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
var repetitions = new Option<int>("--reps") { Description = "Timed repetitions, after one that is not.", DefaultValueFactory = _ => 5 };
var serve = new Option<bool>("--serve")
{
    Description = "Stay warm: answer each line of standard input with the milliseconds of one run, so that a script can alternate it with another program.",
};

var root = new RootCommand("DuckDB in its own warm process, answering SELECT segment, label, pred, count(*), sum(confidence) GROUP BY ALL.")
    { file, segment, threads, repetitions, serve };
root.SetAction(parsed =>
{
    using var query = new CountQuery(parsed.GetRequiredValue(file), parsed.GetRequiredValue(segment), parsed.GetValue(threads));
    query.Run();
    if (parsed.GetValue(serve))
        query.Serve(Console.In, Console.Out);
    else
        query.Measure(parsed.GetValue(repetitions), Console.Out);
});
return root.Parse(args).Invoke();
