namespace GpuDiag.Kernels;

/// <summary>
/// PTX of the tensor kernel's scores: one text per column that a thread holds. All eight queries are compared first and the
/// appends, rare by far, skipped together. %0 the row's shift, %1 its number, %2 the thread's first query, %3 counts,
/// %4 scores, %5 rows, %6 entries per list.
/// </summary>
internal static class NeighborTensorScores
{
    private const string Open =
        "{ .reg .pred p; .reg .pred r; .reg .f32 t; .reg .b32 at; .reg .b32 qu; .reg .b64 ad; .reg .b64 en; setp.ne.u32 p, %1, %1; ";

    private const string Skip = "@!p bra NONE; ";

    private const string Close = "NONE: }";

    private const string Add = "add.rn.f32 t, ";

    // A list that is full is counted on, so that its owner knows.
    private const string Count = "mul.wide.u32 ad, qu, 4; add.u64 ad, ad, %3; atom.global.add.u32 at, [ad], 1; setp.ge.u32 r, at, %6; ";

    private const string Append =
        "mul.wide.u32 ad, qu, %6; cvt.u64.u32 en, at; add.u64 ad, ad, en; shl.b64 ad, ad, 2; "
        + "add.u64 en, ad, %4; st.global.f32 [en], t; add.u64 en, ad, %5; st.global.u32 [en], %1; ";

    private const string Any0 = ", %0; setp.gt.or.f32 p, t, fl0, p; ";
    private const string Any1 = ", %0; setp.gt.or.f32 p, t, fl1, p; ";
    private const string Any2 = ", %0; setp.gt.or.f32 p, t, fl2, p; ";
    private const string Any3 = ", %0; setp.gt.or.f32 p, t, fl3, p; ";
    private const string Any4 = ", %0; setp.gt.or.f32 p, t, fl4, p; ";
    private const string Any5 = ", %0; setp.gt.or.f32 p, t, fl5, p; ";
    private const string Any6 = ", %0; setp.gt.or.f32 p, t, fl6, p; ";
    private const string Any7 = ", %0; setp.gt.or.f32 p, t, fl7, p; ";

    private const string Take0 = ", %0; setp.gt.f32 r, t, fl0; @!r bra N0; add.u32 qu, %2, 0; " + Count + "@r bra N0; " + Append + "N0: ";
    private const string Take1 = ", %0; setp.gt.f32 r, t, fl1; @!r bra N1; add.u32 qu, %2, 8; " + Count + "@r bra N1; " + Append + "N1: ";
    private const string Take2 = ", %0; setp.gt.f32 r, t, fl2; @!r bra N2; add.u32 qu, %2, 16; " + Count + "@r bra N2; " + Append + "N2: ";
    private const string Take3 = ", %0; setp.gt.f32 r, t, fl3; @!r bra N3; add.u32 qu, %2, 24; " + Count + "@r bra N3; " + Append + "N3: ";
    private const string Take4 = ", %0; setp.gt.f32 r, t, fl4; @!r bra N4; add.u32 qu, %2, 32; " + Count + "@r bra N4; " + Append + "N4: ";
    private const string Take5 = ", %0; setp.gt.f32 r, t, fl5; @!r bra N5; add.u32 qu, %2, 40; " + Count + "@r bra N5; " + Append + "N5: ";
    private const string Take6 = ", %0; setp.gt.f32 r, t, fl6; @!r bra N6; add.u32 qu, %2, 48; " + Count + "@r bra N6; " + Append + "N6: ";
    private const string Take7 = ", %0; setp.gt.f32 r, t, fl7; @!r bra N7; add.u32 qu, %2, 56; " + Count + "@r bra N7; " + Append + "N7: ";

    public const string Column0 =
        Open + Add + "acc0" + Any0 + Add + "acc2" + Any1 + Add + "acc32" + Any2 + Add + "acc34" + Any3
        + Add + "acc64" + Any4 + Add + "acc66" + Any5 + Add + "acc96" + Any6 + Add + "acc98" + Any7 + Skip
        + Add + "acc0" + Take0 + Add + "acc2" + Take1 + Add + "acc32" + Take2 + Add + "acc34" + Take3
        + Add + "acc64" + Take4 + Add + "acc66" + Take5 + Add + "acc96" + Take6 + Add + "acc98" + Take7 + Close;

    public const string Column1 =
        Open + Add + "acc1" + Any0 + Add + "acc3" + Any1 + Add + "acc33" + Any2 + Add + "acc35" + Any3
        + Add + "acc65" + Any4 + Add + "acc67" + Any5 + Add + "acc97" + Any6 + Add + "acc99" + Any7 + Skip
        + Add + "acc1" + Take0 + Add + "acc3" + Take1 + Add + "acc33" + Take2 + Add + "acc35" + Take3
        + Add + "acc65" + Take4 + Add + "acc67" + Take5 + Add + "acc97" + Take6 + Add + "acc99" + Take7 + Close;

    public const string Column2 =
        Open + Add + "acc4" + Any0 + Add + "acc6" + Any1 + Add + "acc36" + Any2 + Add + "acc38" + Any3
        + Add + "acc68" + Any4 + Add + "acc70" + Any5 + Add + "acc100" + Any6 + Add + "acc102" + Any7 + Skip
        + Add + "acc4" + Take0 + Add + "acc6" + Take1 + Add + "acc36" + Take2 + Add + "acc38" + Take3
        + Add + "acc68" + Take4 + Add + "acc70" + Take5 + Add + "acc100" + Take6 + Add + "acc102" + Take7 + Close;

    public const string Column3 =
        Open + Add + "acc5" + Any0 + Add + "acc7" + Any1 + Add + "acc37" + Any2 + Add + "acc39" + Any3
        + Add + "acc69" + Any4 + Add + "acc71" + Any5 + Add + "acc101" + Any6 + Add + "acc103" + Any7 + Skip
        + Add + "acc5" + Take0 + Add + "acc7" + Take1 + Add + "acc37" + Take2 + Add + "acc39" + Take3
        + Add + "acc69" + Take4 + Add + "acc71" + Take5 + Add + "acc101" + Take6 + Add + "acc103" + Take7 + Close;

    public const string Column4 =
        Open + Add + "acc8" + Any0 + Add + "acc10" + Any1 + Add + "acc40" + Any2 + Add + "acc42" + Any3
        + Add + "acc72" + Any4 + Add + "acc74" + Any5 + Add + "acc104" + Any6 + Add + "acc106" + Any7 + Skip
        + Add + "acc8" + Take0 + Add + "acc10" + Take1 + Add + "acc40" + Take2 + Add + "acc42" + Take3
        + Add + "acc72" + Take4 + Add + "acc74" + Take5 + Add + "acc104" + Take6 + Add + "acc106" + Take7 + Close;

    public const string Column5 =
        Open + Add + "acc9" + Any0 + Add + "acc11" + Any1 + Add + "acc41" + Any2 + Add + "acc43" + Any3
        + Add + "acc73" + Any4 + Add + "acc75" + Any5 + Add + "acc105" + Any6 + Add + "acc107" + Any7 + Skip
        + Add + "acc9" + Take0 + Add + "acc11" + Take1 + Add + "acc41" + Take2 + Add + "acc43" + Take3
        + Add + "acc73" + Take4 + Add + "acc75" + Take5 + Add + "acc105" + Take6 + Add + "acc107" + Take7 + Close;

    public const string Column6 =
        Open + Add + "acc12" + Any0 + Add + "acc14" + Any1 + Add + "acc44" + Any2 + Add + "acc46" + Any3
        + Add + "acc76" + Any4 + Add + "acc78" + Any5 + Add + "acc108" + Any6 + Add + "acc110" + Any7 + Skip
        + Add + "acc12" + Take0 + Add + "acc14" + Take1 + Add + "acc44" + Take2 + Add + "acc46" + Take3
        + Add + "acc76" + Take4 + Add + "acc78" + Take5 + Add + "acc108" + Take6 + Add + "acc110" + Take7 + Close;

    public const string Column7 =
        Open + Add + "acc13" + Any0 + Add + "acc15" + Any1 + Add + "acc45" + Any2 + Add + "acc47" + Any3
        + Add + "acc77" + Any4 + Add + "acc79" + Any5 + Add + "acc109" + Any6 + Add + "acc111" + Any7 + Skip
        + Add + "acc13" + Take0 + Add + "acc15" + Take1 + Add + "acc45" + Take2 + Add + "acc47" + Take3
        + Add + "acc77" + Take4 + Add + "acc79" + Take5 + Add + "acc109" + Take6 + Add + "acc111" + Take7 + Close;

    public const string Column8 =
        Open + Add + "acc16" + Any0 + Add + "acc18" + Any1 + Add + "acc48" + Any2 + Add + "acc50" + Any3
        + Add + "acc80" + Any4 + Add + "acc82" + Any5 + Add + "acc112" + Any6 + Add + "acc114" + Any7 + Skip
        + Add + "acc16" + Take0 + Add + "acc18" + Take1 + Add + "acc48" + Take2 + Add + "acc50" + Take3
        + Add + "acc80" + Take4 + Add + "acc82" + Take5 + Add + "acc112" + Take6 + Add + "acc114" + Take7 + Close;

    public const string Column9 =
        Open + Add + "acc17" + Any0 + Add + "acc19" + Any1 + Add + "acc49" + Any2 + Add + "acc51" + Any3
        + Add + "acc81" + Any4 + Add + "acc83" + Any5 + Add + "acc113" + Any6 + Add + "acc115" + Any7 + Skip
        + Add + "acc17" + Take0 + Add + "acc19" + Take1 + Add + "acc49" + Take2 + Add + "acc51" + Take3
        + Add + "acc81" + Take4 + Add + "acc83" + Take5 + Add + "acc113" + Take6 + Add + "acc115" + Take7 + Close;

    public const string Column10 =
        Open + Add + "acc20" + Any0 + Add + "acc22" + Any1 + Add + "acc52" + Any2 + Add + "acc54" + Any3
        + Add + "acc84" + Any4 + Add + "acc86" + Any5 + Add + "acc116" + Any6 + Add + "acc118" + Any7 + Skip
        + Add + "acc20" + Take0 + Add + "acc22" + Take1 + Add + "acc52" + Take2 + Add + "acc54" + Take3
        + Add + "acc84" + Take4 + Add + "acc86" + Take5 + Add + "acc116" + Take6 + Add + "acc118" + Take7 + Close;

    public const string Column11 =
        Open + Add + "acc21" + Any0 + Add + "acc23" + Any1 + Add + "acc53" + Any2 + Add + "acc55" + Any3
        + Add + "acc85" + Any4 + Add + "acc87" + Any5 + Add + "acc117" + Any6 + Add + "acc119" + Any7 + Skip
        + Add + "acc21" + Take0 + Add + "acc23" + Take1 + Add + "acc53" + Take2 + Add + "acc55" + Take3
        + Add + "acc85" + Take4 + Add + "acc87" + Take5 + Add + "acc117" + Take6 + Add + "acc119" + Take7 + Close;

    public const string Column12 =
        Open + Add + "acc24" + Any0 + Add + "acc26" + Any1 + Add + "acc56" + Any2 + Add + "acc58" + Any3
        + Add + "acc88" + Any4 + Add + "acc90" + Any5 + Add + "acc120" + Any6 + Add + "acc122" + Any7 + Skip
        + Add + "acc24" + Take0 + Add + "acc26" + Take1 + Add + "acc56" + Take2 + Add + "acc58" + Take3
        + Add + "acc88" + Take4 + Add + "acc90" + Take5 + Add + "acc120" + Take6 + Add + "acc122" + Take7 + Close;

    public const string Column13 =
        Open + Add + "acc25" + Any0 + Add + "acc27" + Any1 + Add + "acc57" + Any2 + Add + "acc59" + Any3
        + Add + "acc89" + Any4 + Add + "acc91" + Any5 + Add + "acc121" + Any6 + Add + "acc123" + Any7 + Skip
        + Add + "acc25" + Take0 + Add + "acc27" + Take1 + Add + "acc57" + Take2 + Add + "acc59" + Take3
        + Add + "acc89" + Take4 + Add + "acc91" + Take5 + Add + "acc121" + Take6 + Add + "acc123" + Take7 + Close;

    public const string Column14 =
        Open + Add + "acc28" + Any0 + Add + "acc30" + Any1 + Add + "acc60" + Any2 + Add + "acc62" + Any3
        + Add + "acc92" + Any4 + Add + "acc94" + Any5 + Add + "acc124" + Any6 + Add + "acc126" + Any7 + Skip
        + Add + "acc28" + Take0 + Add + "acc30" + Take1 + Add + "acc60" + Take2 + Add + "acc62" + Take3
        + Add + "acc92" + Take4 + Add + "acc94" + Take5 + Add + "acc124" + Take6 + Add + "acc126" + Take7 + Close;

    public const string Column15 =
        Open + Add + "acc29" + Any0 + Add + "acc31" + Any1 + Add + "acc61" + Any2 + Add + "acc63" + Any3
        + Add + "acc93" + Any4 + Add + "acc95" + Any5 + Add + "acc125" + Any6 + Add + "acc127" + Any7 + Skip
        + Add + "acc29" + Take0 + Add + "acc31" + Take1 + Add + "acc61" + Take2 + Add + "acc63" + Take3
        + Add + "acc93" + Take4 + Add + "acc95" + Take5 + Add + "acc125" + Take6 + Add + "acc127" + Take7 + Close;
}
