namespace GpuDiag.Kernels;

/// <summary>
/// PTX of <see cref="NeighborTensorKernel"/>. A thread's 128 accumulators, its operands and its eight floors are named
/// registers, declared once: kept in C# variables they would go through local memory, because a kernel with asynchronous
/// copies may not have an output operand. Texts must be constants, so repetition is spelled out here and nowhere else.
/// </summary>
internal static class NeighborTensorCode
{
    /// <summary>Bytes of a stage: 128 queries and 128 rows of 32 bfloat16.</summary>
    public const int StageBytes = 16384;

    public const string Declare =
        ".shared .align 128 .b8 tiles[49152]; .reg .b32 tile; mov.u32 tile, tiles; "
        + ".reg .f32 acc<128>; .reg .b32 fa<16>; .reg .b32 fb<16>; .reg .f32 fl<8>;";

    /// <summary>
    /// Copies 16 bytes of four rows, 32 apart, of both sides. %0 queries, %1 rows, %2 bytes from a row to the 32nd next,
    /// %3 place in the stages.
    /// </summary>
    public const string Copy =
        "{ .reg .b32 d; .reg .b64 g; add.u32 d, tile, %3; "
        + "cp.async.cg.shared.global [d], [%0], 16; add.u64 g, %0, %2; cp.async.cg.shared.global [d+2048], [g], 16; add.u64 g, g, %2; "
        + "cp.async.cg.shared.global [d+4096], [g], 16; add.u64 g, g, %2; cp.async.cg.shared.global [d+6144], [g], 16; "
        + "cp.async.cg.shared.global [d+8192], [%1], 16; add.u64 g, %1, %2; cp.async.cg.shared.global [d+10240], [g], 16; add.u64 g, g, %2; "
        + "cp.async.cg.shared.global [d+12288], [g], 16; add.u64 g, g, %2; cp.async.cg.shared.global [d+14336], [g], 16; cp.async.commit_group; }";

    public const string CommitNothing = "cp.async.commit_group;";

    public const string WaitForAllButOne = "cp.async.wait_group 1;";

    /// <summary>Operands of one step of 16 dimensions. %0 place of the queries, %1 of the rows.</summary>
    public const string Load =
        "{ .reg .b32 a; .reg .b32 b; add.u32 a, tile, %0; add.u32 b, tile, %1; "
        + LoadFour + "{fa0,fa1,fa2,fa3}, [a+0]; " + LoadFour + "{fb0,fb1,fb2,fb3}, [b+0]; "
        + LoadFour + "{fa4,fa5,fa6,fa7}, [a+1024]; " + LoadFour + "{fb4,fb5,fb6,fb7}, [b+1024]; "
        + LoadFour + "{fa8,fa9,fa10,fa11}, [a+2048]; " + LoadFour + "{fb8,fb9,fb10,fb11}, [b+2048]; "
        + LoadFour + "{fa12,fa13,fa14,fa15}, [a+3072]; " + LoadFour + "{fb12,fb13,fb14,fb15}, [b+3072]; "
        + "}";

    private const string LoadFour = "ldmatrix.sync.aligned.m8n8.x4.shared.b16 ";
    private const string Mma = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 ";
    private const string A0 = ",{fa0,fa1,fa2,fa3},";
    private const string A1 = ",{fa4,fa5,fa6,fa7},";
    private const string A2 = ",{fa8,fa9,fa10,fa11},";
    private const string A3 = ",{fa12,fa13,fa14,fa15},";
    private const string B0 = "{fb0,fb1},";
    private const string B1 = "{fb2,fb3},";
    private const string B2 = "{fb4,fb5},";
    private const string B3 = "{fb6,fb7},";
    private const string B4 = "{fb8,fb9},";
    private const string B5 = "{fb10,fb11},";
    private const string B6 = "{fb12,fb13},";
    private const string B7 = "{fb14,fb15},";

    // acc 4·(8·i + j) … + 3: queries 16·i …, rows 8·j … of the warp's 64 × 64.
    private const string C0 = "{acc0,acc1,acc2,acc3}";
    private const string C1 = "{acc4,acc5,acc6,acc7}";
    private const string C2 = "{acc8,acc9,acc10,acc11}";
    private const string C3 = "{acc12,acc13,acc14,acc15}";
    private const string C4 = "{acc16,acc17,acc18,acc19}";
    private const string C5 = "{acc20,acc21,acc22,acc23}";
    private const string C6 = "{acc24,acc25,acc26,acc27}";
    private const string C7 = "{acc28,acc29,acc30,acc31}";
    private const string C8 = "{acc32,acc33,acc34,acc35}";
    private const string C9 = "{acc36,acc37,acc38,acc39}";
    private const string C10 = "{acc40,acc41,acc42,acc43}";
    private const string C11 = "{acc44,acc45,acc46,acc47}";
    private const string C12 = "{acc48,acc49,acc50,acc51}";
    private const string C13 = "{acc52,acc53,acc54,acc55}";
    private const string C14 = "{acc56,acc57,acc58,acc59}";
    private const string C15 = "{acc60,acc61,acc62,acc63}";
    private const string C16 = "{acc64,acc65,acc66,acc67}";
    private const string C17 = "{acc68,acc69,acc70,acc71}";
    private const string C18 = "{acc72,acc73,acc74,acc75}";
    private const string C19 = "{acc76,acc77,acc78,acc79}";
    private const string C20 = "{acc80,acc81,acc82,acc83}";
    private const string C21 = "{acc84,acc85,acc86,acc87}";
    private const string C22 = "{acc88,acc89,acc90,acc91}";
    private const string C23 = "{acc92,acc93,acc94,acc95}";
    private const string C24 = "{acc96,acc97,acc98,acc99}";
    private const string C25 = "{acc100,acc101,acc102,acc103}";
    private const string C26 = "{acc104,acc105,acc106,acc107}";
    private const string C27 = "{acc108,acc109,acc110,acc111}";
    private const string C28 = "{acc112,acc113,acc114,acc115}";
    private const string C29 = "{acc116,acc117,acc118,acc119}";
    private const string C30 = "{acc120,acc121,acc122,acc123}";
    private const string C31 = "{acc124,acc125,acc126,acc127}";

    public const string Multiply0 =
        Mma + C0 + A0 + B0 + C0 + ";"
        + Mma + C1 + A0 + B1 + C1 + ";"
        + Mma + C2 + A0 + B2 + C2 + ";"
        + Mma + C3 + A0 + B3 + C3 + ";"
        + Mma + C4 + A0 + B4 + C4 + ";"
        + Mma + C5 + A0 + B5 + C5 + ";"
        + Mma + C6 + A0 + B6 + C6 + ";"
        + Mma + C7 + A0 + B7 + C7 + ";";

    public const string Multiply1 =
        Mma + C8 + A1 + B0 + C8 + ";"
        + Mma + C9 + A1 + B1 + C9 + ";"
        + Mma + C10 + A1 + B2 + C10 + ";"
        + Mma + C11 + A1 + B3 + C11 + ";"
        + Mma + C12 + A1 + B4 + C12 + ";"
        + Mma + C13 + A1 + B5 + C13 + ";"
        + Mma + C14 + A1 + B6 + C14 + ";"
        + Mma + C15 + A1 + B7 + C15 + ";";

    public const string Multiply2 =
        Mma + C16 + A2 + B0 + C16 + ";"
        + Mma + C17 + A2 + B1 + C17 + ";"
        + Mma + C18 + A2 + B2 + C18 + ";"
        + Mma + C19 + A2 + B3 + C19 + ";"
        + Mma + C20 + A2 + B4 + C20 + ";"
        + Mma + C21 + A2 + B5 + C21 + ";"
        + Mma + C22 + A2 + B6 + C22 + ";"
        + Mma + C23 + A2 + B7 + C23 + ";";

    public const string Multiply3 =
        Mma + C24 + A3 + B0 + C24 + ";"
        + Mma + C25 + A3 + B1 + C25 + ";"
        + Mma + C26 + A3 + B2 + C26 + ";"
        + Mma + C27 + A3 + B3 + C27 + ";"
        + Mma + C28 + A3 + B4 + C28 + ";"
        + Mma + C29 + A3 + B5 + C29 + ";"
        + Mma + C30 + A3 + B6 + C30 + ";"
        + Mma + C31 + A3 + B7 + C31 + ";";

    public const string Clear0 =
        "{ .reg .f32 z; mov.f32 z, 0f00000000; mov.f32 acc0, z; mov.f32 acc1, z; mov.f32 acc2, z; mov.f32 acc3, z; mov.f32 acc4, z; mov.f32 acc5, z; mov.f32 acc6, z; mov.f32 acc7, z; "
        + "mov.f32 acc8, z; mov.f32 acc9, z; mov.f32 acc10, z; mov.f32 acc11, z; mov.f32 acc12, z; mov.f32 acc13, z; mov.f32 acc14, z; mov.f32 acc15, z; "
        + "mov.f32 acc16, z; mov.f32 acc17, z; mov.f32 acc18, z; mov.f32 acc19, z; mov.f32 acc20, z; mov.f32 acc21, z; mov.f32 acc22, z; mov.f32 acc23, z; "
        + "mov.f32 acc24, z; mov.f32 acc25, z; mov.f32 acc26, z; mov.f32 acc27, z; mov.f32 acc28, z; mov.f32 acc29, z; mov.f32 acc30, z; mov.f32 acc31, z; }";

    public const string Clear1 =
        "{ .reg .f32 z; mov.f32 z, 0f00000000; mov.f32 acc32, z; mov.f32 acc33, z; mov.f32 acc34, z; mov.f32 acc35, z; mov.f32 acc36, z; mov.f32 acc37, z; mov.f32 acc38, z; mov.f32 acc39, z; "
        + "mov.f32 acc40, z; mov.f32 acc41, z; mov.f32 acc42, z; mov.f32 acc43, z; mov.f32 acc44, z; mov.f32 acc45, z; mov.f32 acc46, z; mov.f32 acc47, z; "
        + "mov.f32 acc48, z; mov.f32 acc49, z; mov.f32 acc50, z; mov.f32 acc51, z; mov.f32 acc52, z; mov.f32 acc53, z; mov.f32 acc54, z; mov.f32 acc55, z; "
        + "mov.f32 acc56, z; mov.f32 acc57, z; mov.f32 acc58, z; mov.f32 acc59, z; mov.f32 acc60, z; mov.f32 acc61, z; mov.f32 acc62, z; mov.f32 acc63, z; }";

    public const string Clear2 =
        "{ .reg .f32 z; mov.f32 z, 0f00000000; mov.f32 acc64, z; mov.f32 acc65, z; mov.f32 acc66, z; mov.f32 acc67, z; mov.f32 acc68, z; mov.f32 acc69, z; mov.f32 acc70, z; mov.f32 acc71, z; "
        + "mov.f32 acc72, z; mov.f32 acc73, z; mov.f32 acc74, z; mov.f32 acc75, z; mov.f32 acc76, z; mov.f32 acc77, z; mov.f32 acc78, z; mov.f32 acc79, z; "
        + "mov.f32 acc80, z; mov.f32 acc81, z; mov.f32 acc82, z; mov.f32 acc83, z; mov.f32 acc84, z; mov.f32 acc85, z; mov.f32 acc86, z; mov.f32 acc87, z; "
        + "mov.f32 acc88, z; mov.f32 acc89, z; mov.f32 acc90, z; mov.f32 acc91, z; mov.f32 acc92, z; mov.f32 acc93, z; mov.f32 acc94, z; mov.f32 acc95, z; }";

    public const string Clear3 =
        "{ .reg .f32 z; mov.f32 z, 0f00000000; mov.f32 acc96, z; mov.f32 acc97, z; mov.f32 acc98, z; mov.f32 acc99, z; mov.f32 acc100, z; mov.f32 acc101, z; mov.f32 acc102, z; mov.f32 acc103, z; "
        + "mov.f32 acc104, z; mov.f32 acc105, z; mov.f32 acc106, z; mov.f32 acc107, z; mov.f32 acc108, z; mov.f32 acc109, z; mov.f32 acc110, z; mov.f32 acc111, z; "
        + "mov.f32 acc112, z; mov.f32 acc113, z; mov.f32 acc114, z; mov.f32 acc115, z; mov.f32 acc116, z; mov.f32 acc117, z; mov.f32 acc118, z; mov.f32 acc119, z; "
        + "mov.f32 acc120, z; mov.f32 acc121, z; mov.f32 acc122, z; mov.f32 acc123, z; mov.f32 acc124, z; mov.f32 acc125, z; mov.f32 acc126, z; mov.f32 acc127, z; }";
}
