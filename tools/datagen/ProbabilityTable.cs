using System.Globalization;

namespace GpuDiag.DataGen;

/// <summary>Rows of <c>label</c>, <c>pred</c> (int32) and <c>probs</c> (float32 list): the softmax of noisy logits, about
/// 90 % accurate. The exponential is the C library's, so the last bit of a probability may differ between platforms.</summary>
internal sealed class ProbabilityTable(long rows, int classes, int seed)
{
    /// <summary>The query that yields the rows in order; <c>pred</c> is the lowest class of the largest probability.</summary>
    public string Sql
    {
        get
        {
            // Noise is the sum of three uniforms: near normal, no library function involved. The label's logit is raised.
            var key = string.Create(CultureInfo.InvariantCulture, $"i * {classes} + j");
            var bits = Draw.Bits(seed, 1, key);
            var noise = $"(({bits} & 1048575)::DOUBLE + (({bits} >> 20) & 1048575)::DOUBLE + (({bits} >> 40) & 1048575)::DOUBLE) / 1048576";
            var lift = string.Create(CultureInfo.InvariantCulture, $"{Lift(classes)}");
            var label = Draw.Integer(Draw.Bits(seed, 0), classes);
            var exponentials = string.Create(CultureInfo.InvariantCulture,
                $"list_transform(range({classes}), lambda j: exp(3 * {noise} + CASE WHEN j = label THEN {lift} ELSE 0 END))");
            return "SELECT label, (list_position(probs, list_max(probs)) - 1)::INTEGER AS pred, probs FROM "
                + "(SELECT label, list_transform(e, lambda x: (x / total)::FLOAT) AS probs FROM "
                + $"(SELECT label, e, list_sum(e) AS total FROM (SELECT label, {exponentials} AS e FROM "
                + string.Create(CultureInfo.InvariantCulture, $"(SELECT i, {label} AS label FROM range({rows}) t(i)))))");
        }
    }

    // The largest of n sums of three uniforms approaches 3 (a logit of 9) as n grows: lift the label to just about win.
    private static double Lift(int classes) => Math.Round(4.5 + 0.35 * Math.Log(classes), 2);
}
