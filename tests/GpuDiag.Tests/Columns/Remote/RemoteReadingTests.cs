using System.Diagnostics;
using System.Text;
using GpuDiag.Analyses.Scan;
using GpuDiag.Cli;
using GpuDiag.Columns;
using GpuDiag.Columns.Remote;
using GpuDiag.Reports;
using GpuDiag.Storage;
using GpuDiag.Tests.Cli;

namespace GpuDiag.Tests.Columns.Remote;

/// <summary>Files behind addresses are read like files of this machine, whatever the server and the connection do.</summary>
[Collection("remote")]
public sealed class RemoteReadingTests : IDisposable
{
    private static readonly string[] Surroundings = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED", RemoteScratch.Variable];

    private readonly TempFolder folder = new();
    private readonly FaultyServer server = new();

    public RemoteReadingTests() => (RemoteTries.FirstWait, RemoteFile.Patience) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        (RemoteTries.FirstWait, RemoteFile.Patience) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(60));
        RemoteTries.Stop = CancellationToken.None;
        Array.ForEach(Surroundings, v => Environment.SetEnvironmentVariable(v, null));
        server.Dispose();
        folder.Dispose();
        Assert.Equal(0, RemoteFiles.Count);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("busy")]
    [InlineData("cut")]
    [InlineData("no ranges")]
    [InlineData("no ranges, cut")]
    [InlineData("no ranges, no length")]
    [InlineData("no tag")]
    [InlineData("no room")]
    public void Scan_OfAddressesIsTheScanOfFiles(string fault)
    {
        server.BusyEvery = fault == "busy" ? 3 : 0;
        server.CutEvery = fault.Contains("cut", StringComparison.Ordinal) ? 2 : 0;
        server.Ranges = !fault.Contains("no ranges", StringComparison.Ordinal);
        server.Lengths = !fault.Contains("no length", StringComparison.Ordinal);
        server.ETag = fault == "no tag" ? "" : "\"one\"";
        Environment.SetEnvironmentVariable(RemoteScratch.Variable, fault == "no room" ? "100K" : "1G");
        string[] names = ["a", "b", "c"];
        string[] local = [.. names.Select(n => PredictionFile.Write(folder.Root, $"{n}.parquet", 30_000))];
        foreach (string name in names)
        {
            server.Add($"data/{name}.parquet", File.ReadAllBytes(folder[$"{name}.parquet"]));
        }

        Assert.Equal(Summary(local, folder.Root), Summary([.. names.Select(n => $"{server.Root}/data/{n}.parquet")], $"{server.Root}/data"));
        long all = local.Sum(f => new FileInfo(f).Length);
        Assert.True(fault != "plain" || server.Sent <= all, $"{server.Sent} bytes were fetched of files of {all}");
    }

    [Theory]
    [InlineData("pages")]
    [InlineData("native")]
    [InlineData("managed")]
    public void Parquet_IsReadByEveryReader(string reader)
    {
        string path = PredictionFile.Write(folder.Root, "a.parquet", 5000);
        server.Add("a.parquet", File.ReadAllBytes(path));
        server.CutEvery = 3;
        using RemoteLease held = new(RemoteName.Of($"{server.Root}/a.parquet"));
        ISource Open(string file) => reader switch
        {
            "native" => new GpuDiag.Columns.Parquet.NativeParquetSource(file),
            "managed" => new GpuDiag.Columns.Parquet.ManagedParquetSource(file),
            _ => SourceCatalog.Open(file),
        };
        using ISource local = Open(path), remote = Open($"{server.Root}/a.parquet");
        Assert.Equal(Reading.Categories(local, "pred"), Reading.Categories(remote, "pred"));
        Assert.Equal(Reading.Numbers(local, "confidence"), Reading.Numbers(remote, "confidence"));
        Assert.Equal(Reading.Texts(local, "id"), Reading.Texts(remote, "id"));
    }

    [Fact]
    public void Npy_FetchesWhatIsReadOnce()
    {
        float[] values = [.. Enumerable.Range(0, 1_000_000).Select(i => i / 7f)];
        string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (10000, 100), }".PadRight(117) + "\n";
        byte[] npy = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), .. System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())];
        File.WriteAllBytes(folder["v.npy"], npy);
        server.Add("v.npy", npy);
        using ISource local = SourceCatalog.Open(folder["v.npy"]), remote = SourceCatalog.Open($"{server.Root}/v.npy");
        Assert.True(server.Sent < 600_000, $"{server.Sent} bytes were fetched to look at a file");
        Assert.Equal(Reading.Rows(local, "embedding"), Reading.Rows(remote, "embedding"));
        long once = server.Sent;
        Assert.Equal(Reading.Rows(local, "embedding"), Reading.Rows(remote, "embedding"));
        Assert.Equal(once, server.Sent);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("stream zstd")]
    public void Arrow_IsReadInEveryForm(string variant)
    {
        string[] texts = [.. Enumerable.Range(0, 200_000).Select(i => $"value {i % 1000}")];
        ArrowFiles.Write(folder["a.arrow"], variant, [("a", ArrowFiles.Strings(texts)), ("b", ArrowFiles.Strings([.. texts.Reverse()]))]);
        server.Add("a.arrow", File.ReadAllBytes(folder["a.arrow"]));
        server.CutEvery = 2;
        server.CutAfter = 100_000;
        using ISource local = SourceCatalog.Open(folder["a.arrow"]), remote = SourceCatalog.Open($"{server.Root}/a.arrow");
        Assert.Equal(Reading.Categories(local, "b"), Reading.Categories(remote, "b"));
        Assert.Equal(texts, Reading.Texts(remote, "a"));
    }

    [Theory]
    [InlineData("\"two\"")]
    [InlineData("")]
    public void ChangedObject_IsTold(string later)
    {
        PredictionFile.Write(folder.Root, "a.parquet", 200_000);
        server.Add("a.parquet", File.ReadAllBytes(folder["a.parquet"]));
        server.Later = (3, later);
        InputException fault = Assert.Throws<InputException>(() => Summary([$"{server.Root}/a.parquet"], server.Root));
        Assert.Contains("changed while it was read", fault.Message, StringComparison.Ordinal);
        Assert.Contains(server.Requests, r => r.Contains("If-Match: \"one\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(404, "no such file", 1)]
    [InlineData(403, "permission denied", 1)]
    [InlineData(500, "the server answers 500", RemoteTries.Most)]
    public void FaultThatStays_IsTold(int status, string said, int requests)
    {
        server.Always = status;
        InputException fault = Assert.Throws<InputException>(() => SourceCatalog.Open($"{server.Root}/a.parquet"));
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.Equal($"{server.Root}/a.parquet", fault.File);
        Assert.True(fault.Unreadable);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Theory]
    [InlineData("between tries")]
    [InlineData("for an answer")]
    public void WaitsEndWhenTheRunIsToStop(string wait)
    {
        RemoteTries.FirstWait = TimeSpan.FromMinutes(5);
        if (wait == "between tries")
            server.Always = 503;
        else
            server.IsSilent = true;
        using CancellationTokenSource stop = new();
        RemoteTries.Stop = stop.Token;
        stop.CancelAfter(TimeSpan.FromMilliseconds(100));
        long start = Stopwatch.GetTimestamp();
        Assert.ThrowsAny<OperationCanceledException>(() => SourceCatalog.Open($"{server.Root}/a.parquet"));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.05, 4);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void WholeFile_IsFetchedOnlyWhereThereIsRoom()
    {
        server.Ranges = false;
        server.Add("a.parquet", new byte[2 << 20]);
        Environment.SetEnvironmentVariable(RemoteScratch.Variable, "1M");
        InputException fault = Assert.Throws<InputException>(() => SourceCatalog.Open($"{server.Root}/a.parquet"));
        Assert.Contains("gives no parts of files", fault.Message, StringComparison.Ordinal);
        server.Lengths = false;
        fault = Assert.Throws<InputException>(() => SourceCatalog.Open($"{server.Root}/a.parquet"));
        Assert.Contains("gives no parts of files", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyFile_IsTold()
    {
        server.Add("a.parquet", []);
        Assert.Contains("the file is empty", Assert.Throws<InputException>(() => SourceCatalog.Open($"{server.Root}/a.parquet")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void S3_ListsInPagesAndReadsTheSame()
    {
        for (int i = 0; i < 5; i++)
        {
            string path = PredictionFile.Write(folder.Root, $"{i}.parquet", 300 + i);
            server.Add($"bucket/set/day={i % 2}/{i}.parquet", File.ReadAllBytes(path));
        }

        server.Add("bucket/set/_SUCCESS", []);
        server.Add("bucket/set/_old/9.parquet", [1]);
        server.Add("bucket/set/readme.txt", [1]);
        server.Page = 2;
        server.BusyEvery = 5;
        UseS3();
        string[] local = ["0.parquet", "2.parquet", "4.parquet", "1.parquet", "3.parquet"];
        string[] keys = ["s3://bucket/set/day=0/0.parquet", "s3://bucket/set/day=0/2.parquet", "s3://bucket/set/day=0/4.parquet", "s3://bucket/set/day=1/1.parquet", "s3://bucket/set/day=1/3.parquet"];
        Assert.Equal(keys, FileSearch.Find(["s3://bucket/set"]));
        Assert.Equal(keys, FileSearch.Find(["s3://bucket/set/day=*/*.parquet"]));
        Assert.Equal(keys[3..], FileSearch.Find(["s3://bucket/set/day=1/*.parquet"]));
        Assert.Throws<InputException>(() => FileSearch.Find(["s3://bucket/set/day=1/*.arrow"]));
        for (int i = 0; i < 5; i++)
        {
            File.Move(folder[local[i]], folder[$"in-order-{i}.parquet"]);
        }

        Assert.Equal(Rows(folder["in-order-*.parquet"]), Rows("s3://bucket/set/"));
        Assert.All(server.Requests, r => Assert.Contains("Authorization: AWS4-HMAC-SHA256 Credential=who/", r, StringComparison.Ordinal));
        server.Always = 403;
        Assert.Contains("permission denied", Assert.Throws<InputException>(() => FileSearch.Find(["s3://bucket/set/"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("s3")]
    public void ServerThatNeverAnswers_IsGivenUp(string scheme)
    {
        RemoteFile.Patience = TimeSpan.FromMilliseconds(50);
        UseS3();
        server.IsSilent = true;
        string file = scheme == "s3" ? "s3://bucket/a.parquet" : $"{server.Root}/bucket/a.parquet";
        InputException fault = Assert.Throws<InputException>(() => Rows(file));
        Assert.Contains("does not answer", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_HoldNoSecrets()
    {
        Assert.Equal("https://h/a.parquet", RemoteName.Shown("https://h/a.parquet?X-Amz-Signature=abc&x=1"));
        Assert.Equal("https://h/a.parquet?version=3", RemoteName.Shown("https://h/a.parquet?version=3"));
        Assert.Equal("https://h/a", RemoteName.Shown("https://me:word@h/a"));
        Assert.Equal("a@b/c?token", RemoteName.Shown("a@b/c?token"));
        InputException fault = Assert.Throws<InputException>(() => FileSearch.Find(["https://me:word@h/a"]));
        Assert.DoesNotContain("word@", fault.Message, StringComparison.Ordinal);
        using Session session = new(["scan", "https://h/a.parquet?sig=abc"]);
        Assert.DoesNotContain("abc", session.Command, StringComparison.Ordinal);
        PredictionFile.Write(folder.Root, "a.parquet");
        server.Add("a.parquet", File.ReadAllBytes(folder["a.parquet"]));
        Assert.Equal([$"{server.Root}/a.parquet"], FileSearch.Find([$"{server.Root}/a.parquet?sig=abc"]));
        using ISource source = SourceCatalog.Open($"{server.Root}/a.parquet");
        Assert.Contains(server.Requests, r => r.Contains("sig=abc", StringComparison.Ordinal));
    }

    private static string Rows(string pattern)
    {
        using Dataset data = Dataset.Open([pattern]);
        ColumnRequest[] columns = [new("id", ColumnForm.Text), new("pred", ColumnForm.Text)];
        using DatasetReader reader = data.Open(columns);
        using Batch batch = new(columns, 100);
        StringBuilder text = new();
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                for (int row = 0; row < batch.Rows; row++)
                {
                    text.Append(((TextColumn)batch.Columns[0]).Values[row]).Append(((TextColumn)batch.Columns[1]).Values[row]).Append('\n');
                }
            }
        }

        data.CheckUnchanged();
        Assert.Equal(1510, data.Rows);
        return text.ToString();
    }

    private static string Summary(string[] inputs, string place)
    {
        var outcome = Scan.Run(new ScanOptions { Inputs = inputs, Threads = 3, Device = "cpu" }, null, default);
        using var stream = new MemoryStream();
        SummaryJson.Write(stream, outcome.Result);
        return Encoding.UTF8.GetString(stream.ToArray()).Replace(place, "", StringComparison.Ordinal) + string.Join('\n', outcome.Rows);
    }

    private void UseS3()
    {
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL", server.Root);
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "who");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "word");
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        RemoteStores.UseS3(() => new S3Store());
    }
}
