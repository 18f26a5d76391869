return GpuDiag.Cli.Application.Run(args);
