namespace GpuDiag.Columns.Remote;

/// <summary>The store of each kind of address. What reads S3 is an assembly of its own, which is loaded when the first such address is read.</summary>
internal static class RemoteStores
{
    private static readonly Lazy<IRemoteStore> Http = new(() => new HttpStore());
    private static Func<IRemoteStore>? makeS3;
    private static Lazy<IRemoteStore> s3 = new(() => makeS3?.Invoke() ?? throw new InputException("this program was built without S3", remedy: "Read the objects by https://."));

    /// <summary>Says what makes the store for <c>s3://</c>.</summary>
    internal static void UseS3(Func<IRemoteStore> make)
    {
        makeS3 = make;
        s3 = new(() => makeS3());
    }

    internal static IRemoteStore For(string address) => RemoteName.IsS3(address) ? s3.Value : Http.Value;
}
