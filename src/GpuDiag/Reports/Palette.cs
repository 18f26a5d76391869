namespace GpuDiag.Reports;

/// <summary>Colours for a terminal; with <paramref name="On"/> false text stays as it is.</summary>
internal readonly record struct Palette(bool On)
{
    public string Bold(string text) => Wrap(text, "1");

    public string Dim(string text) => Wrap(text, "2");

    public string Red(string text) => Wrap(text, "31");

    public string Yellow(string text) => Wrap(text, "33");

    public string Green(string text) => Wrap(text, "32");

    private string Wrap(string text, string code) => On ? $"\e[{code}m{text}\e[0m" : text;
}
