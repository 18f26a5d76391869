using GpuDiag.Cli.Options;
using GpuDiag.Cli.Submit;

namespace GpuDiag.Cli.Commands;

/// <summary>Every command there is, in the order of help.</summary>
internal static class CommandCatalog
{
    public static CommandSpec Scan { get; } = new("scan", "DATA…", "Diagnose one model on one dataset")
    {
        Details = "DATA is files, globs or directories of Parquet or Arrow IPC, one row per prediction. Columns are found by their usual names; the run says which it took. Results go to a folder, a summary to stdout.",
        Groups = [OptionCatalog.Columns, OptionCatalog.Train, OptionCatalog.Classes, OptionCatalog.Labels, OptionCatalog.Slices, OptionCatalog.Neighbors, OptionCatalog.Results, OptionCatalog.Shards, OptionCatalog.Machine],
        Examples =
        [
            ("gpudiag scan predictions.parquet", "Columns by name, segments by every column of few values"),
            ("gpudiag scan 'runs/*.parquet' --label truth --pred guess --segment weather --segment 'weather*time'", "Named columns, two segmentations"),
            ("gpudiag scan test.parquet --train train.parquet", "Rows of test that train holds too, and the metrics without them"),
            ("gpudiag scan data/ --probs probs.npy --classes names.txt --gate 'accuracy.low>=0.9' --gate 'segments[weather=fog].recall_macro>=0.8'", "Probabilities beside the data; exit code 1 unless both gates hold"),
        ],
        Run = ScanCommand.Run,
        Merge = ScanMerge.Run,
        Check = values => ScanRequest.From(values, Scan!),
    };

    public static CommandSpec Report { get; } = new("report", "[DIR]", "Make the page again from a folder of results")
    {
        Details = "DIR is the folder that gpudiag scan, compare, drift, mine, retrain or loop wrote to (default: gpudiag-out). Reads its summary.json and Parquet tables and writes report.html beside them, of a loop's loop.json story.html: the same bytes as the command did. The data is not read again. Prints the page's path.",
        Groups = [new OptionGroup("Options", [OptionCatalog.Quiet with { Help = "Do not print the page's path" }, OptionCatalog.Verbose, OptionCatalog.Help])],
        Examples = [("gpudiag report gpudiag-out", "gpudiag-out/report.html, to open in a browser"), ("gpudiag report gpudiag-drift", "A page of what has drifted"), ("gpudiag report gpudiag-loop", "gpudiag-loop/story.html: what came of the labels")],
        Run = ReportCommand.Run,
    };

    public static CommandSpec Compare { get; } = new("compare", "BEFORE [AFTER]", "Compare two models on the same rows: what changed, is it real, where is it worse")
    {
        Details = "BEFORE and AFTER are files, quoted globs or directories of Parquet or Arrow IPC with the predictions of one model each, matched by a column of ids, or without one row by row after a check that labels agree; or BEFORE alone holds the predictions of both. Segments are those of BEFORE. Verdicts and their margin are about accuracy; docs/compare.md says what every figure is.",
        Groups = [OptionCatalog.CompareColumns, OptionCatalog.CompareGroups, OptionCatalog.CompareSlices, OptionCatalog.CompareResults, OptionCatalog.CompareParts, OptionCatalog.Machine],
        Examples =
        [
            ("gpudiag compare old.parquet new.parquet", "By id where both have one, else row by row"),
            ("gpudiag compare both.parquet --pred-before v1 --pred-after v2 --segment 'weather*time'", "Two columns of one table, and a segmentation"),
            ("gpudiag compare test.parquet new.parquet --cases gpudiag-out", "What became of the errors that an earlier scan of test.parquet showed"),
            ("gpudiag compare old.parquet new.parquet --margin 0.005 --gate 'delta.accuracy.low>=-0.002' --gate 'regressions==0'", "Exit code 1 unless the new model is surely as good, everywhere"),
        ],
        Run = CompareCommand.Run,
        Merge = CompareCommand.Merge,
        Check = values => CompareRequest.From(values, Compare!),
    };

    public static CommandSpec Demo { get; } = new("demo", "", "Scan a real small dataset that is built in")
    {
        Details = "Writes 652 handwritten digits with a small model's predictions into the output folder, scans them, and leaves files to look at. With --loop it closes the loop on them: 60 rows of a pool are chosen, their labels come from a built-in file, a head is fitted without and with them, and both are compared.",
        Groups = [new OptionGroup("Options", [DemoCommand.Loop, OptionCatalog.Out with { Default = "gpudiag-demo" }, OptionCatalog.Format, OptionCatalog.Device, OptionCatalog.Threads, OptionCatalog.Quiet, OptionCatalog.Verbose, OptionCatalog.Help])],
        Examples = [("gpudiag demo", "A scan, in gpudiag-demo/"), ("gpudiag demo --loop", "From failures to better labels, in gpudiag-demo/loop/")],
        Run = DemoCommand.Run,
    };

    public static CommandSpec Knn { get; } = new("knn", "QUERIES [BASE]", "Find exact nearest neighbours, as a table")
    {
        Details = "QUERIES and BASE are files, quoted globs or directories of Parquet or Arrow IPC with a column of embeddings, or .npy files. Without BASE the queries are searched among themselves, each without itself. Several files as they stand are queries when --base names the base. Neighbours are exact, ties go to the lower row number, and the table is the same bytes on any machine.",
        Groups = [OptionCatalog.Search, OptionCatalog.SearchResults, OptionCatalog.Parts, OptionCatalog.SearchMachine],
        Examples =
        [
            ("gpudiag knn test.parquet train.parquet", "The 10 nearest rows of train for each row of test"),
            ("gpudiag knn embeddings.npy --k 5 --metric l2", "A matrix among itself; rows by number"),
            ("gpudiag knn 'new/*.parquet' --base 'pool/*.parquet' --id uuid --out near", "Many files, rows by id"),
        ],
        Run = KnnCommand.Run,
        Merge = KnnCommand.Merge,
        Check = values => KnnRequest.From(values, Knn!),
        PartsResume = true,
    };

    public static CommandSpec Explain { get; } = new("explain", "DATA…", "Explain one prediction: is it reasonable, and why")
    {
        Details = "Shows the row's probabilities, neighbours, cause and the evidence for and against each cause, and what would have to change. Takes the files of an earlier scan of the same data (--scan, else gpudiag-out) where they hold the row; else scans first.",
        Groups = [new OptionGroup("Row", [OptionCatalog.Row, OptionCatalog.EarlierScan]), OptionCatalog.Columns, OptionCatalog.Train, OptionCatalog.Classes, OptionCatalog.Neighbors, new OptionGroup("Results", [OptionCatalog.Format, OptionCatalog.Quiet, OptionCatalog.Verbose]), OptionCatalog.Machine],
        Examples =
        [
            ("gpudiag explain predictions.parquet --row digit-0063", "The row with this id"),
            ("gpudiag explain predictions.parquet --row '#17' --format json", "The row number 17, counted from 0, for a machine"),
            ("gpudiag explain test.parquet --train train.parquet --row digit-0063", "With its neighbours among the training rows"),
        ],
        Run = ExplainCommand.Run,
    };

    public static CommandSpec Score { get; } = new("score", "MODEL.onnx DATA…", "Run a model over data: predictions to scan")
    {
        Details = "DATA is files, quoted globs or directories of Parquet or Arrow IPC, with numbers, lists of floats or images. ONNX Runtime runs the model; predictions, probabilities, embeddings and any other output are written as Parquet beside the data's own columns, for gpudiag scan. Results do not depend on the batch, the threads or the cut into files; a stopped run goes on with --resume. A file for --config holds a recipe for images.",
        Groups = [OptionCatalog.ScoreModel, OptionCatalog.ScoreImages, OptionCatalog.ScoreResults, OptionCatalog.ScoreMachine],
        Examples =
        [
            ("gpudiag score model.onnx test.parquet", "Columns and outputs by name; then gpudiag scan gpudiag-score/predictions"),
            ("gpudiag score net.onnx 'images/*.parquet' --image-resize 256 --image-mean 0.485,0.456,0.406 --image-std 0.229,0.224,0.225 --output logits=logits --output pooled=embedding", "Images, as torchvision prepares them"),
            ("gpudiag score head.onnx pool/ --input embedding=clip --carry id --out pool-scores", "Embeddings from a column of another name; only the id beside the results"),
        ],
        Run = ScoreCommand.Run,
    };

    public static CommandSpec Drift { get; } = new("drift", "REFERENCE CURRENT…", "Compare datasets: what changed, is it real, what does it cost")
    {
        Details = "REFERENCE and CURRENT are each a file, a quoted glob or a directory of Parquet or Arrow IPC, or a reference that was saved. Every column that both have is compared over all its values; it has drifted when the effect is large and the q-value small. With labels and predictions the change of accuracy is told by segments, without labels accuracy is estimated. More than one CURRENT makes a series.",
        Groups = [OptionCatalog.DriftColumns, OptionCatalog.DriftReference, OptionCatalog.DriftLimits, OptionCatalog.DriftResults, OptionCatalog.Parts, OptionCatalog.DriftMachine],
        Examples =
        [
            ("gpudiag drift train.parquet today.parquet", "Every column that both have"),
            ("gpudiag drift train.parquet --save-reference train.state", "Keep what a comparison needs of the reference; then: gpudiag drift train.state today.parquet"),
            ("gpudiag drift 'may/*.parquet' 'june/*.parquet' --column 'f_*' --ignore f_time --gate 'drifted_columns==0'", "Some columns; exit code 1 if one has drifted"),
        ],
        Run = DriftCommand.Run,
        Merge = DriftCommand.Merge,
        Check = values => DriftCommand.CheckShared(DriftRequest.From(values, Drift!)),
    };

    public static CommandSpec Devices { get; } = new("devices", "", "List the devices found, what auto would choose, and why")
    {
        Details = "Results are the same bytes on every device; only the time differs.",
        Groups = [new OptionGroup("Options", [OptionCatalog.Check, OptionCatalog.Device with { Help = "Check this device only", Default = "every GPU, and the CPU" }, OptionCatalog.Format, OptionCatalog.Verbose, OptionCatalog.Help])],
        Examples = [("gpudiag devices", "What is here"), ("gpudiag devices --check --format json", "Whether it computes right, for a machine; exit code 3 if not")],
        Run = DevicesCommand.Run,
    };

    public static CommandSpec History { get; } = new("history", "DIR…", "Show how earlier scans' metrics went over time")
    {
        Details = "DIR is an output folder of gpudiag scan, or a folder with such in it or below. One line per run and one per metric, oldest first; a metric is called worse or better where its 95 % interval lies apart from that of the run before.",
        Groups = [OptionCatalog.History],
        Examples =
        [
            ("gpudiag history nightly/", "All scans below nightly/"),
            ("gpudiag history nightly/2026-11-*/ --out trend", "The same in trend/ as history.json and history.parquet, and to look at as history.html"),
        ],
        Run = HistoryCommand.Run,
    };

    public static CommandSpec Bench { get; } = new("bench", "", "Measure this machine against its own limits")
    {
        Details = "Measures what the device's memory can do, then each operation, and tells the speed as a part of what those limits allow. Takes up to a minute; other work on the machine spoils it.",
        Groups = [new OptionGroup("Options", [OptionCatalog.Device, OptionCatalog.Threads, OptionCatalog.Format, OptionCatalog.Verbose, OptionCatalog.Help])],
        Examples = [("gpudiag bench", "The device that auto chooses"), ("gpudiag bench --device cpu --threads 1 --format json", "One core, for a machine")],
        Run = BenchCommand.Run,
    };

    // Made when it is first asked for: some commands are made of others.
    public static IReadOnlyList<CommandSpec> All => field ??=
    [
        Scan,
        Report,
        Compare,
        Explain,
        Knn,
        Score,
        MineCommand.Spec,
        RetrainCommand.Spec,
        LoopCommand.Spec,
        Drift,
        Demo,
        Devices,
        History,
        MergeCommand.Spec,
        SubmitCommand.Spec,
        StatusCommand.Spec,
        Bench,
    ];
}
