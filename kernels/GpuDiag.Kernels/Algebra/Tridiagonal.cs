namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by the implicit QL method (Bowdler, Martin, Reinsch and
/// Wilkinson, 1968), in plain doubles and a fixed order. Host only. Cost: some 3n³ multiplications.
/// </summary>
public static class Tridiagonal
{
    private const double Epsilon = 2.220446049250313E-16;
    private const int MostSweeps = 60;

    /// <summary>Largest first; ties in the order in which they are found.</summary>
    /// <param name="diagonal">n values.</param>
    /// <param name="below">n − 1 values beside the diagonal; more are not read.</param>
    /// <returns>Values, and per value its vector of length n and norm 1.</returns>
    public static (double[] Values, double[][] Vectors) Eigen(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> below)
    {
        var n = diagonal.Length;
        var d = diagonal.ToArray();
        var e = new double[n];
        below[..Math.Max(0, n - 1)].CopyTo(e);
        var z = new double[n][]; // z[i] is column i of the rotations
        for (var i = 0; i < n; i++)
        {
            z[i] = new double[n];
            z[i][i] = 1.0;
        }

        for (var l = 0; l < n; l++)
            for (var sweep = 0; sweep < MostSweeps && Split(d, e, l) is var m && m > l; sweep++)
                Sweep(d, e, z, l, m);

        var order = new int[n];
        for (var i = 0; i < n; i++)
            order[i] = i;
        var values = d;
        Array.Sort(order, (a, b) => values[a] != values[b] ? values[b].CompareTo(values[a]) : a.CompareTo(b));
        return (Array.ConvertAll(order, i => d[i]), Array.ConvertAll(order, i => z[i]));
    }

    /// <summary>The end of the block that begins at l: where the element beside the diagonal is nothing.</summary>
    private static int Split(double[] d, double[] e, int l)
    {
        var m = l;
        while (m < d.Length - 1 && Math.Abs(e[m]) > Epsilon * (Math.Abs(d[m]) + Math.Abs(d[m + 1])))
            m++;
        return m;
    }

    private static void Sweep(double[] d, double[] e, double[][] z, int l, int m)
    {
        var g = (d[l + 1] - d[l]) / (2.0 * e[l]);
        var r = Math.Sqrt((g * g) + 1.0);
        g = d[m] - d[l] + (e[l] / (g + (g < 0.0 ? -r : r)));
        var s = 1.0;
        var c = 1.0;
        var p = 0.0;
        for (var i = m - 1; i >= l; i--)
        {
            var f = s * e[i];
            var b = c * e[i];
            r = Math.Sqrt((f * f) + (g * g));
            e[i + 1] = r;
            if (r == 0.0)
            {
                d[i + 1] -= p;
                e[m] = 0.0;
                return;
            }

            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2.0 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            Rotate(z[i], z[i + 1], c, s);
        }

        d[l] -= p;
        e[l] = g;
        e[m] = 0.0;
    }

    private static void Rotate(double[] a, double[] b, double c, double s)
    {
        for (var k = 0; k < a.Length; k++)
        {
            var f = b[k];
            b[k] = (s * a[k]) + (c * f);
            a[k] = (c * a[k]) - (s * f);
        }
    }
}
