#!/usr/bin/env bash
# How the frames of train.extxyz.gz beyond the seed were made, and the potential from them all:
#
#   recipe/make.sh potential    trains nep.txt from the labels here, and makes its active set
#   recipe/make.sh minima NEP ROUND
#                               makes and labels frames about and between the minima of SevenNet-l3i5
#                               and of a model, as those of minima.extxyz.gz were
#   recipe/make.sh frames SEED  makes and labels frames anew (SevenNet-l3i5, hours), SEED being the
#                               frames of train.extxyz.gz whose traj begins as README.md tells
#
# Run in a folder of its own, with `interphase` on the PATH. Training gives the bits of nep.txt on
# processors with AVX-512; the frames are the same up to the rounding of dynamics.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
crystals=$here/../../Structures
key="$crystals/Li.cif $crystals/Li2S.cif $crystals/Li3P.cif $crystals/Li3PS4.cif
  $crystals/Li7PS6.extxyz $crystals/LiBF4.cif $crystals/LiBH4.cif $crystals/LiCN.cif
  $crystals/LiCl.cif $crystals/LiF.cif $crystals/Li6PS5Cl.extxyz $crystals/Li6PS5BH4.extxyz
  $crystals/Li6PS5BF4.extxyz $crystals/Li6PS5CN.extxyz"
four="$crystals/Li6PS5Cl.extxyz $crystals/Li6PS5BH4.extxyz $crystals/Li6PS5BF4.extxyz
  $crystals/Li6PS5CN.extxyz"

label() { interphase learn label "${@:2}" --calculator sevennet-l3i5 --threads 1 -o "$1"; }

# Contacts of each anion; the fourth to sixth are never trained on.
contacts() {
  for x in Cl BH4 BF4 CN; do
    interphase interface "$crystals/Li6PS5$x.extxyz" "$crystals/Li.cif" --max-atoms 110 --count 4 \
      -o "contacts/$x"
  done
}

# That of the first two models; of the last, see first/nep.in and nep.in.
input() { # CUT-OFFS EPOCHS
  sed -e '/^type/d' -e "s/^cutoff.*/cutoff $1/" -e "s/^epoch.*/epoch $2/" -e 's/^lr .*/lr 0.002/' \
    -e 's/^stop_lr.*/stop_lr 2e-5/' -e 's/^lambda_e.*/lambda_e 3/' -e 's/^lambda_v.*/lambda_v 0.2/' \
    "$here/first/nep.in"
}

move() { # MODEL CONTACT KELVIN PS EVERY SEED OUT
  interphase md "$2" --potential "$1" --temperature "$3 K" --time "$4 ps" --timestep "0.5 fs" \
    --every "$5 ps" --threads 1 --seed "$6" -o "$7" || true # a blow-up is what the next model learns from
}

run() { # MODEL RUNS ANION CONTACT KELVIN PS SEED
  move "$1" "contacts/$3/contact-$4.extxyz" "$5" "$6" 0.1 "$7" "$2/$3_$4_$5"
}

# A fit that goes on from another model, with the labels of the minima up to a round.
refine() { # START ROUND WEIGHT EPOCHS RATE OUT [LIBH4]
  python3 "$here/recipe/round.py" "$here/minima.extxyz.gz" "$2" "$3" ${7:-} minima.extxyz
  sed -e '/^type/d' -e "s/^epoch.*/epoch $4/" -e "s/^lr .*/lr $5/" "$here/nep.in" > refine.in
  interphase learn train "$here/train.extxyz.gz" minima.extxyz --valid "$here/valid.extxyz.gz" \
    --input refine.in --start "$1" --seed 1 --threads 1 -o "$6"
}

case ${1:-} in
potential)
  grep -v '^type' "$here/first/nep.in" > first.in
  interphase learn train "$here/train.extxyz.gz" --valid "$here/valid.extxyz.gz" --input first.in \
    --seed 1 -o first
  refine first/nep.txt 0 4 12 3e-4 refined-0
  refine refined-0/nep.txt 1 10 12 3e-4 refined-1
  refine refined-1/nep.txt 2 15 15 3e-4 refined-2
  refine refined-2/nep.txt 3 20 15 3e-4 refined-3
  refine refined-3/nep.txt 4 20 15 3e-4 refined-4
  refine refined-4/nep.txt 5 10 15 3e-4 refined-5
  refine refined-5/nep.txt 6 15 15 2e-4 refined-6
  refine refined-6/nep.txt 7 15 12 2e-4 refined-7
  refine refined-7/nep.txt 8 15 12 2e-4 refined-8
  refine refined-8/nep.txt 9 15 12 2e-4 refined-9 60
  interphase potential active-set refined-9/nep.txt refined-9/train.xyz -o active-set.json
  cmp refined-9/nep.txt "$here/nep.txt" && echo "the same potential"
  ;;
minima)
  # Minima by SevenNet-l3i5, and frames about them: round 0 of minima.extxyz.gz.
  mkdir -p minima
  for crystal in $key "$crystals/LiH.cif"; do
    name=$(basename "${crystal%.*}")
    interphase relax "$crystal" --calculator sevennet-l3i5 --threads 1 --cell --minimizer lbfgs \
      --leave-saddles -o "minima/$name.extxyz"
  done
  interphase learn sample minima/*.extxyz --rattled --rattles 60 \
    --displacements "0.01, 0.03, 0.06 Å" --deviator 0.03 --dilation 0.03 --image-distance "4 Å" \
    --max-atoms 32 --seed 31 -o about.extxyz
  label about.labelled.extxyz about.extxyz
  # Frames between them and the minima of the model of the round before: round $3.
  python3 "$here/recipe/minima.py" "$2" minima between.extxyz "$3"
  label between.labelled.extxyz between.extxyz
  ;;
frames)
  seed=$2
  contacts
  # Without motion.
  interphase learn sample $key --rattled --stretched --rattles 6 --displacements "0.03, 0.1 Å" \
    --deviator 0.03 --dilation 0.05 --max-atoms 64 --seed 11 -o rattled.extxyz
  label rattled.labelled.extxyz rattled.extxyz
  # A first model, and where it leads.
  input "6 5" 300 > a.in
  interphase learn train "$seed" --input a.in -o a
  for x in Cl BH4 BF4 CN; do for c in 1 2 3; do for t in 300 450 600; do
    run a/nep.txt runs-a $x $c $t 10 $((c * 100 + t))
  done; done; done
  python3 "$here/recipe/pick.py" runs-a.extxyz runs-a 2 6 14 24 36 50 64 80 96 -1 -3
  python3 "$here/recipe/lithium.py" lithium.extxyz
  label a.labelled.extxyz runs-a.extxyz lithium.extxyz
  interphase learn sample $key --dynamics --temperatures "300 K, 600 K" --time "2 ps" \
    --every "0.5 ps" --timestep "0.5 fs" --max-atoms 64 --potential a/nep.txt --seed 21 --relax \
    -o crystals.extxyz
  label crystals.labelled.extxyz crystals.extxyz
  # A second one.
  input "5.5 4.5" 250 > b.in
  interphase learn train "$seed" a.labelled.extxyz rattled.labelled.extxyz --input b.in -o b
  for x in Cl BH4 BF4 CN; do for c in 1 2 3; do
    run b/nep.txt runs-b $x $c 300 10 $((c * 100 + 307))
    run b/nep.txt runs-b $x $c 450 20 $((c * 100 + 457))
    run b/nep.txt runs-b $x $c 600 60 $((c * 100 + 607))
  done; done
  python3 "$here/recipe/pick.py" runs-b.extxyz runs-b 20 50 90 130 190 250 350 450 590
  label b.labelled.extxyz runs-b.extxyz
  interphase learn sample $four --mixtures --metal-atoms "3, 8" --melt "1200 K" --quench-to "400 K" \
    --timestep "0.5 fs" --every "0.5 ps" --max-atoms 90 --potential b/nep.txt --seed 31 \
    -o mixtures.extxyz
  interphase learn select mixtures.extxyz --potential b/nep.txt --known "$seed" a.labelled.extxyz \
    --count 48 -o mixtures-chosen.extxyz
  label mixtures.labelled.extxyz mixtures-chosen.extxyz
  interphase learn sample $key --rattled --eos --relax --rattles 6 --displacements "0.02, 0.06 Å" \
    --deviator 0.04 --dilation 0.03 --volumes 4 --volume-change 0.05 --image-distance "3 Å" \
    --max-atoms 40 --potential b/nep.txt --seed 41 -o near.extxyz
  label near.labelled.extxyz near.extxyz
  # A third one, for the crystals of molecular anions, which were furthest off.
  input "5.5 4.5" 350 > c.in
  interphase learn train "$seed" rattled.labelled.extxyz crystals.labelled.extxyz \
    a.labelled.extxyz mixtures.labelled.extxyz b.labelled.extxyz near.labelled.extxyz --input c.in \
    -o c
  interphase learn sample "$crystals/LiBH4.cif" "$crystals/Li6PS5CN.extxyz" "$crystals/LiCN.cif" \
    "$crystals/Li6PS5BH4.extxyz" "$crystals/Li3PS4.cif" --relax --rattled --eos --dynamics \
    --temperatures "100 K, 300 K" --equilibrate "0.5 ps" --time "1.6 ps" --every "0.2 ps" \
    --timestep "0.5 fs" --rattles 8 --displacements "0.02, 0.05 Å" --deviator 0.05 --dilation 0.03 \
    --volumes 5 --volume-change 0.06 --image-distance "3 Å" --max-atoms 40 \
    --potential c/nep.txt --seed 51 -o molecular.extxyz
  label molecular.labelled.extxyz molecular.extxyz
  # A fourth one, in the larger shape, for many more contacts.
  input "5.5 4.5" 360 > d.in
  sed -i -e 's/^n_max.*/n_max 8 8/' -e 's/^basis_size.*/basis_size 10 10/' -e 's/^lr .*/lr 0.0015/' \
    -e 's/^stop_lr.*/stop_lr 1e-5/' -e 's/^lambda_e.*/lambda_e 10/' -e 's/^lambda_v.*/lambda_v 0.5/' d.in
  interphase learn train "$seed" rattled.labelled.extxyz crystals.labelled.extxyz \
    a.labelled.extxyz mixtures.labelled.extxyz b.labelled.extxyz near.labelled.extxyz \
    molecular.labelled.extxyz --input d.in -o d
  for x in CN BF4 Cl BH4; do
    interphase interface "$crystals/Li6PS5$x.extxyz" "$crystals/Li.cif" --max-atoms 110 --count 40 \
      -o "contacts/$x"
    case $x in
    CN) numbers="1 2 3 $(seq 7 22)" ;;
    Cl) numbers="1 2 3 $(seq 7 2 21)" ;;
    *) numbers="1 2 3 $(seq 7 2 25)" ;;
    esac
    for c in $numbers; do
      for t in "300 8" "600 25" $([ $x = CN ] && echo 450-12); do
        t=${t/-/ }
        move d/nep.txt "contacts/$x/contact-$c.extxyz" $t 0.2 $((c * 100 + ${t% *} + 13)) \
          "runs-d/${x}_${c}_${t% *}"
      done
    done
  done
  for s in LiCN LiBH4 LiBF4 LiCl LiF Li2S Li3P Li3PS4 LiH Li7PS6; do
    interphase interface $crystals/$s.* "$crystals/Li.cif" --max-atoms 130 \
      --min-thickness "6 Å" --metal-per-formula-unit 2 --count 2 -o "contacts/$s"
    for c in 1 2; do for t in 300 700; do
      move d/nep.txt "contacts/$s/contact-$c.extxyz" $t 8 0.2 $((c * 100 + t)) \
        "runs-salts/${s}_${c}_$t"
    done; done
  done
  # Thick as in a study (of BH4 contact 1 at 300 K alone was taken).
  for x in CN BF4 BH4; do
    interphase interface "$crystals/Li6PS5$x.extxyz" "$crystals/Li.cif" --max-atoms 220 --count 2 \
      -o "thick/$x"
    for c in 1 2; do for t in 300 500; do
      move d/nep.txt "thick/$x/contact-$c.extxyz" $t 40 2 $((c * 100 + t)) \
        "runs-thick/thick${x}_${c}_$t"
    done; done
  done
  interphase learn sample $four --mixtures --metal-atoms "1, 3, 5, 8, 12" --melt "1300 K" \
    --quench-to "300 K" --timestep "0.5 fs" --every "0.2 ps" --max-atoms 100 \
    --potential d/nep.txt --seed 1031 -o more-mixtures.extxyz
  interphase learn sample ${key% $four} "$crystals/LiH.cif" $four --dynamics \
    --temperatures "300 K, 600 K, 900 K" --time "3 ps" --every "0.3 ps" --timestep "0.5 fs" \
    --max-atoms 72 --potential d/nep.txt --seed 1021 --relax -o more-crystals.extxyz
  interphase learn sample "$crystals/LiH.cif" "$crystals/SCl.cif" "$crystals/SCl2.cif" --rattled \
    --eos --rattles 10 --max-atoms 64 --seed 1041 -o more-rattled.extxyz
  interphase learn sample "$crystals/LiCN.cif" "$crystals/LiBH4.cif" "$crystals/LiBF4.cif" \
    "$crystals/Li6PS5CN.extxyz" "$crystals/LiH.cif" --rattled --eos --relax --rattles 10 \
    --displacements "0.02, 0.06, 0.12 Å" --deviator 0.06 --dilation 0.05 --volumes 7 \
    --volume-change 0.08 --max-atoms 72 --potential d/nep.txt --seed 1051 -o more-salts.extxyz
  python3 "$here/recipe/thin.py" more.extxyz "runs-d/CN_*=3:n:contact" "runs-d/B*=4:n:contact" \
    "runs-d/Cl_*=4:n:contact" "runs-salts/*=4:1:salt_contact" "runs-thick/*=2:1:thick" -- \
    more-mixtures.extxyz=2 more-crystals.extxyz=1 more-rattled.extxyz=1 more-salts.extxyz=1
  # On one GPU: the last number is how many clients share it. Frames with a force above 25 eV/Å were
  # left out, CN_22, BF4_25, BH4_25, Cl_21, LiF_2 and Li3PS4_2 held out (valid.extxyz.gz, which lacks
  # 13 frames of BH4_25 at 600 K: that run was still going on).
  interphase learn label more.extxyz --calculator sevennet-l3i5 --threads 1 --clients 15 \
    -o more.labelled.extxyz
  # The test: contacts that are never trained on, along the third model and along this potential,
  # crystals with other velocities, and SevenNet-l3i5's own dynamics.
  for x in Cl BH4 BF4 CN; do for c in 4 5 6; do
    run c/nep.txt runs-first $x $c 300 5 $((c * 100 + 5))
    run "$here/nep.txt" runs-own $x $c 300 5 $((c * 100 + 5))
  done; done
  python3 "$here/recipe/pick.py" test-first.extxyz runs-first 1 5 10 20 30 40 49
  python3 "$here/recipe/pick.py" test-own.extxyz runs-own 1 5 10 20 30 40 49
  for x in Cl BH4 BF4 CN; do
    interphase md "contacts/$x/contact-4.extxyz" --calculator sevennet-l3i5 --temperature "300 K" \
      --time "1.8 ps" --timestep "1 fs" --every "50 fs" --seed 405 -o "runs-l3i5/${x}_4"
  done
  cat runs-l3i5/*/trajectory.extxyz > test-l3i5.extxyz
  interphase learn sample $key "$crystals/LiH.cif" --dynamics --temperatures "300 K" \
    --equilibrate "1 ps" --time "3 ps" --every "1 ps" --timestep "0.5 fs" --max-atoms 64 \
    --potential "$here/nep.txt" --seed 777 --relax -o test-crystals.extxyz
  label test.labelled.extxyz test-first.extxyz test-own.extxyz test-l3i5.extxyz test-crystals.extxyz
  # Long runs with the potential itself, on the contacts of a study.
  interphase study init study
  interphase study run study
  for x in Cl BH4 BF4 CN; do
    contact=study/results/contact/Li6PS5$x/contact.extxyz
    interphase md "$contact" --potential "$here/nep.txt" --temperature "600 K" --time "100 ps" \
      --timestep "0.5 fs" --every "1 ps" --threads 1 --seed 5 \
      --active-set "$here/active-set.json" -o "long-600/${x}_study_600"
    interphase md "$contact" --potential "$here/nep.txt" --temperature "300 K" --time "1000 ps" \
      --timestep "1 fs" --every "1 ps" --threads 1 --seed 6 \
      --active-set "$here/active-set.json" -o "long-300/${x}_study_300"
  done
  python3 "$here/recipe/pick.py" test-hot.extxyz long-600 5 30 60 100
  python3 "$here/recipe/pick.py" test-nanosecond.extxyz long-300 10 100 400 1000
  sed -i "s/config_type=contact/config_type=long_600/" test-hot.extxyz
  sed -i "s/config_type=contact/config_type=long_300/" test-nanosecond.extxyz
  label test-long.labelled.extxyz test-hot.extxyz test-nanosecond.extxyz # and extrapolating.extxyz
  # The frames to be judged by DFT: thin contacts before, while and after they react, and crystals.
  for x in Cl BH4 BF4 CN; do
    case $x in B*) most=78 ;; *) most=66 ;; esac
    interphase interface "$crystals/Li6PS5$x.extxyz" "$crystals/Li.cif" --max-atoms $most \
      --min-thickness "4 Å" --vacuum "8 Å" --metal-per-formula-unit 5 --count 8 -o "thin/$x"
    for c in 1 2; do
      interphase md "thin/$x/contact-$c.extxyz" --potential "$here/nep.txt" --temperature "300 K" \
        --time "60 ps" --timestep "0.5 fs" --every "0.1 ps" --seed $((900 + c)) \
        -o "runs-thin/${x}_thin${c}_300"
    done
  done
  interphase learn sample $four "$crystals/Li2S.cif" "$crystals/Li3P.cif" "$crystals/LiCl.cif" \
    "$crystals/LiF.cif" "$crystals/LiH.cif" "$crystals/LiBH4.cif" "$crystals/LiBF4.cif" \
    "$crystals/LiCN.cif" "$crystals/Li3PS4.cif" --dynamics --temperatures "300 K" --time "2 ps" \
    --every "1 ps" --equilibrate "2 ps" --timestep "0.5 fs" --image-distance "4 Å" --max-atoms 32 \
    --relax --potential "$here/nep.txt" --seed 4711 -o dft-crystals.extxyz
  interphase learn sample "$crystals/Li.cif" --dynamics --temperatures "300 K" --time "1 ps" \
    --every "1 ps" --equilibrate "2 ps" --timestep "0.5 fs" --image-distance "6 Å" --max-atoms 16 \
    --relax --potential "$here/nep.txt" --seed 4711 -o dft-lithium.extxyz
  python3 "$here/recipe/dft_frames.py" runs-thin dft-crystals.extxyz dft-lithium.extxyz dft.extxyz
  ;;
*)
  sed -n '2,12p' "$0"
  exit 64
  ;;
esac
