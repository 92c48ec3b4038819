import Atomistics
import Dynamics

extension ValidationTable {
  /// `errors.csv`, by group, or `trajectories.csv`.
  static func errors(_ rows: [LabelErrors.Row], byTrajectory: Bool) -> ValidationTable {
    ValidationTable(
      byTrajectory ? "trajectories" : "errors",
      caption: byTrajectory
        ? "Errors against the labels, by trajectory." : "Errors against the labels, by group.",
      columns: [
        Column(
          byTrajectory ? "trajectory" : "group", byTrajectory ? "trajectory" : "group"),
        Column("frames", "frames"), Column("atoms", "atoms"),
        Column("trajectories", byTrajectory ? nil : "trajectories"),
        Column("energy_rms_meV_per_atom", "energy meV/atom"),
        Column("energy_mae_meV_per_atom"), Column("energy_max_meV_per_atom"),
        Column("energy_rms_shifted_meV_per_atom", "shifted"),
        Column("force_rms_eV_per_A", "force eV/Å"),
        Column("force_rms_low_eV_per_A", byTrajectory ? nil : "from"),
        Column("force_rms_high_eV_per_A", byTrajectory ? nil : "to"), Column("resampled"),
        Column("resampled_units"),
        Column("force_mae_eV_per_A", "MAE"), Column("force_max_eV_per_A", "max"),
        Column("virial_rms_meV_per_atom", "virial meV/atom"),
        Column("virial_mae_meV_per_atom"), Column("virial_max_meV_per_atom"),
        Column("virial_components"), Column("slope"), Column("slope_standard_error"),
        Column("slope_r2"), Column("slope_frames"), Column("slope_trajectories"),
      ], rows: rows.map { cells($0, byTrajectory) },
      notes: byTrajectory
        ? []
        : [
          "Energy: root mean square per atom, raw, and shifted by a constant per trajectory (over "
            + "frames less trajectories). Force: root mean square of the components with its 95 % "
            + "interval by resampling trajectories (frames, of one trajectory), their mean "
            + "magnitude and the largest."
        ])
  }

  private static func cells(_ row: LabelErrors.Row, _ byTrajectory: Bool) -> [Cell] {
    let units = row.forceInterval.map { $0.isOfTrajectories ? "trajectories" : "frames" }
    return [
      .text(row.name), .count(row.frames), .count(row.atoms), .count(row.trajectories),
      .number(1000 * row.energy.rms, 2), .number(1000 * row.energy.mae, 2),
      .number(1000 * row.energy.largest, 2), .number(row.shiftedEnergy.map { 1000 * $0 }, 2),
      .number(row.force.rms, 4), .number(row.forceInterval?.low, 4),
      .number(row.forceInterval?.high, 4), .count(row.forceInterval?.units ?? 0),
      .text(units ?? "none"), .number(row.force.mae, 4), .number(row.force.largest, 2),
      .number(row.virial.map { 1000 * $0.rms }, 2), .number(row.virial.map { 1000 * $0.mae }, 2),
      .number(row.virial.map { 1000 * $0.largest }, 2), .count(row.virial?.count ?? 0),
      .number(row.slope?.slope, 3), .number(row.slope?.standardError, 3),
      .number(row.slope?.determination, 4), .count(row.slope?.frames ?? 0),
      .count(row.slope?.trajectories ?? 0),
    ]
  }

  /// What people read of the slopes in `errors.csv`.
  static func slopes(_ rows: [LabelErrors.Row]) -> ValidationTable {
    ValidationTable(
      "slopes", caption: "Slopes of the potential's energies against the labels'.",
      columns: [
        Column("group", "group"), Column("slope", "slope"), Column("standard_error", "±"),
        Column("r2", "R²"), Column("frames", "frames"), Column("trajectories", "trajectories"),
      ],
      rows: rows.compactMap { row in
        row.slope.map {
          [
            .text(row.name), .number($0.slope, 3), .number($0.standardError, 3),
            .number($0.determination, 3), .count($0.frames), .count($0.trajectories),
          ]
        }
      },
      notes: [
        "By least squares through the means of trajectories with one composition and at least "
          + "\(EnergySlope.fewestFrames) frames; ± is the standard error of independent frames."
      ])
  }

  /// `lattice.csv`: the cell as given, at rest by the reference, and from there by the potential.
  static func lattice(_ crystals: [CrystalComparison]) -> ValidationTable {
    let axes = ["a", "b", "c"]
    return ValidationTable(
      "lattice", caption: "Lattices at rest: by the reference, and from there by the potential.",
      columns: [
        Column("crystal", "crystal"), Column("formula", "formula"),
        Column("space_group", "group"), Column("atoms", "atoms"),
      ]
        + axes.flatMap {
          [
            Column("\($0)_potential_A", "\($0) Å"), Column("\($0)_reference_A", "reference"),
            Column("\($0)_difference_percent"),
          ]
        } + [
          Column("angle_difference_degrees"),
          Column("volume_potential_A3_per_atom"),
          Column("volume_reference_A3_per_atom"),
          Column("largest_difference_percent", "edge %"),
          Column("volume_difference_percent", "volume %"),
        ],
      rows: crystals.map { crystal in
        let (found, wanted) = (crystal.potential.relaxed, crystal.reference.relaxed)
        let n = Double(crystal.crystal.structure.count)
        func lengths(_ k: Int) -> [Cell] {
          let (x, y) = (found?.lattice.lengths[k], wanted?.lattice.lengths[k])
          return [.number(x, 3), .number(y, 3), .number(percent(x, y), 2)]
        }
        let angles = zip2(found, wanted).map { pair in
          (0..<3).reduce(0) {
            max($0, abs(pair.0.lattice.angles[$1] - pair.1.lattice.angles[$1]))
          }
        }
        return [
          .text(crystal.crystal.name), .formula(crystal.crystal.formula),
          .text(crystal.crystal.symmetry?.symbol ?? "none"),
          .count(crystal.crystal.structure.count),
        ] + (0..<3).flatMap(lengths) + [
          .number(angles, 2), .number(found.map { $0.volume / n }, 3),
          .number(wanted.map { $0.volume / n }, 3),
          .number(crystal.edgeDifference.map { 100 * $0 }, 2),
          .number(percent(found?.volume, wanted?.volume), 2),
        ]
      },
      notes: [
        "Group: of the cell as given; at rest it may have fewer symmetries. Edge: that of a, b and c "
          + "which differs most."
      ])
  }

  /// `experiment.csv`: cubes against X-rays; nil where none is known.
  static func experiment(_ crystals: [CrystalComparison]) -> ValidationTable? {
    let rows = crystals.compactMap { crystal -> [Cell]? in
      guard let known = crystal.crystal.experiment else { return nil }
      func edge(_ properties: CrystalProperties) -> Double? {
        properties.relaxed.map { known.edge(volumePerAtom: $0.volume / Double($0.count)) }
      }
      let (found, wanted) = (edge(crystal.potential), edge(crystal.reference))
      return [
        .text(crystal.crystal.name), .formula(crystal.crystal.formula), .number(known.a, 3),
        .number(found, 3), .number(percent(found, known.a), 2), .number(wanted, 3),
        .number(percent(wanted, known.a), 2), .text(known.source),
      ]
    }
    guard !rows.isEmpty else { return nil }
    return ValidationTable(
      "experiment", caption: "Edges of the cube against X-rays at room temperature.",
      columns: [
        Column("crystal", "crystal"), Column("formula", "formula"),
        Column("a_experiment_A", "measured Å"), Column("a_potential_A", "potential"),
        Column("a_potential_percent", "%"), Column("a_reference_A", "reference"),
        Column("a_reference_percent", "%"), Column("source", "source"),
      ], rows: rows,
      notes: ["Calculations are of a crystal at rest: no heat and no zero-point motion."])
  }

  /// `formation.csv`: energies of formation, or energies alone.
  static func formation(_ crystals: [CrystalComparison]) -> ValidationTable {
    let found = FormationEnergy(crystals, by: \.potential)
    let wanted = FormationEnergy(crystals, by: \.reference)
    return ValidationTable(
      "formation", caption: "Energies, and energies of formation from the elements given.",
      columns: [
        Column("crystal", "crystal"), Column("formula", "formula"),
        Column("energy_potential_eV_per_atom", "E eV/atom"),
        Column("energy_reference_eV_per_atom", "reference"),
        Column("energy_difference_meV_per_atom", "difference meV"),
        Column("formation_potential_eV_per_atom", "formation eV/atom"),
        Column("formation_reference_eV_per_atom", "reference"),
        Column("formation_difference_meV_per_atom", "difference meV"),
      ],
      rows: crystals.map { crystal in
        let (e, e0) = (crystal.potential.energy, crystal.reference.energy)
        let (f, f0) = (found.value(of: crystal), wanted.value(of: crystal))
        return [
          .text(crystal.crystal.name), .formula(crystal.crystal.formula), .number(e, 4),
          .number(e0, 4), .number(zip2(e, e0).map { 1000 * ($0.0 - $0.1) }, 1), .number(f, 4),
          .number(f0, 4), .number(zip2(f, f0).map { 1000 * ($0.0 - $0.1) }, 1),
        ]
      },
      notes: [
        "Energies of both are comparable only where both have one zero; those of formation always, "
          + "and they need a crystal of every element."
      ])
  }

  /// `eos.csv`; fits only, points are in `eos-points.csv`.
  static func equations(_ crystals: [CrystalComparison]) -> ValidationTable {
    ValidationTable(
      "eos",
      caption: "Equations of state (Birch-Murnaghan, atoms at their fractional coordinates).",
      columns: [
        Column("crystal", "crystal"), Column("formula", "formula"),
        Column("V0_potential_A3_per_atom", "V₀ Å³/atom"),
        Column("V0_reference_A3_per_atom", "reference"),
        Column("B0_potential_GPa", "B₀ GPa"), Column("B0_reference_GPa", "reference"),
        Column("B0_difference_percent", "%"), Column("B0_prime_potential", "B₀′"),
        Column("B0_prime_reference", "reference"),
        Column("residual_potential_meV_per_atom"), Column("residual_reference_meV_per_atom"),
      ],
      rows: crystals.map { crystal in
        let (x, y) = (crystal.potential.equation, crystal.reference.equation)
        let gpa = Units.gigapascal
        return [
          .text(crystal.crystal.name), .formula(crystal.crystal.formula), .number(x?.volume, 3),
          .number(y?.volume, 3), .number(x.map { $0.bulkModulus * gpa }, 2),
          .number(y.map { $0.bulkModulus * gpa }, 2),
          .number(percent(x?.bulkModulus, y?.bulkModulus), 1), .number(x?.derivative, 2),
          .number(y?.derivative, 2), .number(x.map { 1000 * $0.residual }, 3),
          .number(y.map { 1000 * $0.residual }, 3),
        ]
      })
  }

  /// `eos-points.csv`.
  static func equationPoints(_ crystals: [CrystalComparison]) -> ValidationTable {
    let rows = crystals.flatMap { crystal in
      [("potential", crystal.potential), ("reference", crystal.reference)].flatMap { who, found in
        found.volumes.map { point -> [Cell] in
          [
            .text(crystal.crystal.name), .text(who), .number(point.volume, 4),
            .number(point.energy, 6),
          ]
        }
      }
    }
    return ValidationTable(
      "eos-points", caption: "",
      columns: [
        Column("crystal"), Column("by"), Column("volume_A3_per_atom"),
        Column("energy_eV_per_atom"),
      ], rows: rows)
  }

  /// `elastic.csv`: all 21 constants and the moduli, one a row.
  static func elastic(_ crystals: [CrystalComparison]) -> ValidationTable {
    let rows = crystals.flatMap { crystal -> [[Cell]] in
      let (x, y) = (crystal.potential.elastic, crystal.reference.elastic)
      guard x != nil || y != nil else { return [] }
      let constants = (0..<6).flatMap { i in
        (i..<6).map { j in
          ("C\(i + 1)\(j + 1)", x?.stiffness[i][j], y?.stiffness[i][j])
        }
      }
      let moduli = [
        ("K", x?.hill?.bulk, y?.hill?.bulk), ("G", x?.hill?.shear, y?.hill?.shear),
      ]
      return (moduli + constants).map { name, found, wanted in
        let gpa = Units.gigapascal
        return [
          .text(crystal.crystal.name), .formula(crystal.crystal.formula), .text(name),
          .number(found.map { $0 * gpa }, 2), .number(wanted.map { $0 * gpa }, 2),
          .number(zip2(found, wanted).map { ($0.0 - $0.1) * gpa }, 2),
        ]
      }
    }
    return ValidationTable(
      "elastic",
      caption: "Elastic constants, GPa, along the axes of the files; K and G after Hill.",
      columns: [
        Column("crystal", "crystal"), Column("formula", "formula"), Column("constant", "constant"),
        Column("potential_GPa", "potential"), Column("reference_GPa", "reference"),
        Column("difference_GPa", "difference"),
      ], rows: rows)
  }

  /// The moduli, and C11, C12, C44, of each crystal: what people read of `elastic.csv`.
  static func elasticSummary(_ crystals: [CrystalComparison]) -> ValidationTable {
    let names = ["K", "G", "C11", "C12", "C44"]
    return ValidationTable(
      "elastic-summary",
      caption: "Elastic constants, GPa, along the axes of the files; K and G after Hill.",
      columns: [Column("crystal", "crystal"), Column("formula", "formula")]
        + names.flatMap { [Column($0, $0), Column("\($0)_reference", "reference")] }
        + [Column("stable", "stable")],
      rows: crystals.filter { $0.potential.elastic != nil || $0.reference.elastic != nil }.map {
        crystal in
        func values(_ constants: ElasticConstants?) -> [Double?] {
          let c = constants?.stiffness
          return [
            constants?.hill?.bulk, constants?.hill?.shear, c?[0][0], c?[0][1], c?[3][3],
          ].map { $0.map { $0 * Units.gigapascal } }
        }
        let pairs = zip(values(crystal.potential.elastic), values(crystal.reference.elastic))
        let stable = [crystal.potential, crystal.reference].map { properties in
          properties.elastic.map { $0.isStable ? "yes" : "no" } ?? "-"
        }
        return [.text(crystal.crystal.name), .formula(crystal.crystal.formula)]
          + pairs.flatMap { [Cell.number($0, 1), Cell.number($1, 1)] }
          + [.text("\(stable[0]), \(stable[1])")]
      },
      notes: [
        "Stable: whether every small strain costs energy, by the potential and the reference."
      ])
  }

  /// `phonons.csv`.
  static func phonons(_ crystals: [CrystalComparison]) -> ValidationTable {
    ValidationTable(
      "phonons", caption: "Vibrations at Γ of the cells given, THz.",
      columns: [
        Column("crystal", "crystal"), Column("formula", "formula"), Column("modes", "modes"),
        Column("imaginary_potential", "imaginary"), Column("imaginary_reference", "reference"),
        Column("lowest_potential_THz", "lowest"), Column("lowest_reference_THz", "reference"),
        Column("highest_potential_THz", "highest"), Column("highest_reference_THz", "reference"),
        Column("rms_difference_THz", "rms difference"),
        Column("largest_difference_THz", "largest"),
        Column("translations_potential_THz"), Column("translations_reference_THz"),
      ],
      rows: crystals.filter { $0.potential.phonons != nil || $0.reference.phonons != nil }.map {
        crystal in
        let (x, y) = (crystal.potential.phonons, crystal.reference.phonons)
        let off = zip2(x, y).map { zip($0.0.frequencies, $0.1.frequencies).map { $0 - $1 } }
        func count(_ phonons: GammaPhonons?) -> Cell {
          phonons.map { .count($0.imaginaryCount) } ?? .number(nil, 0)
        }
        return [
          .text(crystal.crystal.name), .formula(crystal.crystal.formula),
          .count(3 * crystal.crystal.structure.count - 3), count(x), count(y),
          .number(x?.frequencies.first, 2), .number(y?.frequencies.first, 2),
          .number(x?.frequencies.last, 2), .number(y?.frequencies.last, 2),
          .number(
            off.flatMap { off in
              off.isEmpty
                ? nil
                : (off.reduce(0) { $0 + $1 * $1 } / Double(off.count)).squareRoot()
            }, 3),
          .number(off?.map { abs($0) }.max(), 3), .number(x?.acoustic, 3), .number(y?.acoustic, 3),
        ]
      },
      notes: [
        "Modes are matched by their order. Imaginary: below \(GammaPhonons.imaginaryLimit) THz "
          + "(written negative). Translations are taken out."
      ])
  }

  /// `phonon-modes.csv`: every frequency.
  static func phononModes(_ crystals: [CrystalComparison]) -> ValidationTable {
    let rows = crystals.flatMap { crystal -> [[Cell]] in
      let (x, y) = (crystal.potential.phonons?.frequencies, crystal.reference.phonons?.frequencies)
      return (0..<max(x?.count ?? 0, y?.count ?? 0)).map { k in
        [.text(crystal.crystal.name), .count(k + 1), .number(x?[k], 4), .number(y?[k], 4)]
      }
    }
    return ValidationTable(
      "phonon-modes", caption: "",
      columns: [
        Column("crystal"), Column("mode"), Column("potential_THz"), Column("reference_THz"),
      ], rows: rows)
  }

  /// `bonds.csv`.
  static func bonds(_ crystals: [CrystalComparison]) -> ValidationTable {
    ValidationTable(
      "bonds", caption: "Bonds of clusters, stretched with all else at rest.",
      columns: [
        Column("crystal", "crystal"), Column("cluster", "cluster"), Column("bond", "bond"),
        Column("length_reference_A", "length Å"),
        Column("k_potential_eV_per_A2", "k eV/Å²"), Column("k_reference_eV_per_A2", "reference"),
        Column("k_difference_percent", "%"),
        Column("minimum_potential_A", "minimum Å"), Column("minimum_reference_A", "reference"),
        Column("energy_at_1.2_A_potential_eV", "+1.2 Å eV"),
        Column("energy_at_1.2_A_reference_eV", "reference"),
        Column("rms_difference_eV", "rms eV"),
      ],
      rows: crystals.flatMap(\.bonds).map { bond in
        let (x, y) = (bond.potential, bond.reference)
        return [
          .text(bond.crystal), .formula(bond.cluster.name),
          .text("\(bond.cluster.center)-\(bond.cluster.ligand)"), .number(bond.length, 3),
          .number(x.stiffness, 2), .number(y.stiffness, 2),
          .number(percent(x.stiffness, y.stiffness), 1), .number(x.minimum, 3),
          .number(y.minimum, 3), .number(x.energies.last, 3), .number(y.energies.last, 3),
          .number(bond.difference, 3),
        ]
      },
      notes: [
        "Both on the same structures, the crystal at rest by the reference; a ligand moves with its "
          + "images in all cells. k: second derivative at the minimum within ±\(BondCurve.window) Å; "
          + "the minimum is how far it lies from the length."
      ])
  }

  /// `bond-curves.csv`.
  static func bondCurves(_ crystals: [CrystalComparison]) -> ValidationTable {
    ValidationTable(
      "bond-curves", caption: "",
      columns: [
        Column("crystal"), Column("cluster"), Column("stretch_A"), Column("energy_potential_eV"),
        Column("energy_reference_eV"),
      ],
      rows: crystals.flatMap(\.bonds).flatMap { bond in
        bond.potential.stretches.indices.map { k -> [Cell] in
          [
            .text(bond.crystal), .text(bond.cluster.name), .number(bond.potential.stretches[k], 3),
            .number(bond.potential.energies[k], 6), .number(bond.reference.energies[k], 6),
          ]
        }
      })
  }

  /// `rdf.csv`.
  static func motion(_ crystals: [CrystalComparison]) -> ValidationTable {
    ValidationTable(
      "rdf", caption: "Radial distributions of crystals in motion.",
      columns: [
        Column("crystal", "crystal"), Column("formula", "formula"), Column("pair", "pair"),
        Column("overlap", "overlap"), Column("overlap_of_halves", "of halves"),
        Column("largest_difference", "largest Δg"),
      ],
      rows: crystals.flatMap { crystal in
        (crystal.motion?.pairs ?? []).map { pair -> [Cell] in
          [
            .text(crystal.crystal.name), .formula(crystal.crystal.formula),
            .text("\(pair.center)-\(pair.partner)"), .number(pair.overlap, 3),
            .number(pair.noise, 3), .number(pair.largest, 2),
          ]
        }
      },
      notes: [
        "Overlap: 1 − Σ|n − n′|/Σ(n + n′) of the partners n per Å up to "
          + "\(trimmed(MotionComparison.radius)) Å or the next cell, from one start with the same velocities in the reference's "
          + "cell; of halves: of the first and the second half of the reference's run, which is what "
          + "chance leaves."
      ])
  }

  /// `rdf-curves.csv`.
  static func radialDistributions(_ crystals: [CrystalComparison]) -> ValidationTable {
    ValidationTable(
      "rdf-curves", caption: "",
      columns: [
        Column("crystal"), Column("pair"), Column("r_A"), Column("g_potential"),
        Column("g_reference"),
      ],
      rows: crystals.flatMap { crystal in
        (crystal.motion?.pairs ?? []).flatMap { pair in
          pair.r.indices.map { k -> [Cell] in
            [
              .text(crystal.crystal.name), .text("\(pair.center)-\(pair.partner)"),
              .number(pair.r[k], 3), .number(pair.potential[k], 4), .number(pair.reference[k], 4),
            ]
          }
        }
      })
  }

  /// `reactions.csv`.
  static func reactions(_ reactions: [ReactionComparison]) -> ValidationTable {
    ValidationTable(
      "reactions", caption: "Energies of reactions, eV per atom of all reactants.",
      columns: [
        Column("reaction", "reaction"), Column("potential_eV_per_atom", "potential"),
        Column("reference_eV_per_atom", "reference"),
        Column("difference_meV_per_atom", "difference meV"),
      ],
      rows: reactions.map { found in
        [
          .text(found.reaction.text), .number(found.potential, 4), .number(found.reference, 4),
          .number(zip2(found.potential, found.reference).map { 1000 * ($0.0 - $0.1) }, 1),
        ]
      })
  }

  /// 100 (x/y − 1).
  private static func percent(_ x: Double?, _ y: Double?) -> Double? {
    guard let x, let y, y != 0 else { return nil }
    return 100 * (x / y - 1)
  }
}

/// Both or nothing.
private func zip2<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
  guard let a, let b else { return nil }
  return (a, b)
}
